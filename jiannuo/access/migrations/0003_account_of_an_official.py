from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0002_append_only"),
    ]

    operations = [
        migrations.AddField(
            model_name="user",
            name="official",
            field=models.CharField(
                blank=True, default="", help_text="code of the official whose account it is", max_length=64
            ),
        ),
    ]
