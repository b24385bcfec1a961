from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ("access", "0004_how_a_person_is_reached"),
    ]

    operations = [
        migrations.AddConstraint(
            model_name="user",
            constraint=models.UniqueConstraint(
                condition=models.Q(("is_active", True), models.Q(("official", ""), _negated=True)),
                fields=("official",),
                name="one_open_account_of_an_official",
            ),
        ),
    ]
