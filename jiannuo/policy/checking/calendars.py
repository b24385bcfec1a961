"""What can be wrong with the days off of a pack."""

from datetime import date

from jiannuo.policy.checking.sources import Line, Sources

NOTICE_MONTH = 11


def check(sources: Sources) -> None:
    """Report what is wrong with the days off: days twice, years without a notice, a year that has come and has no calendar."""
    notices = sources.tables("notices", ("year", "notice", "title", "url"))
    years = {int(line["year"]) for line in notices if line["year"].isdigit()}
    for line in notices:
        if not line["year"].isdigit() or not line["title"]:
            sources.at(line, "年份或者通知没有填", "“year”填四位年份，“title”填国务院办公厅通知的标题，“notice”填文号")
    days: dict[date, Line] = {}
    of_year: dict[int, Line] = {}
    for folder in sources.farthest_first:
        for path in sorted((folder / "calendar").glob("*.csv")):
            for line in sources.table(path, ("day", "is_workday", "name")):
                sources.choose(line, "is_workday", ("yes", "no"))
                if (day := sources.day(line, "day", must=True)) is None:
                    continue
                if day in days:
                    sources.at(
                        line, f"与{days[day].file}第{days[day].number}行是同一天", "一天只能写一次，请对照通知删去一行"
                    )
                days[day] = line
                of_year.setdefault(day.year, line)
    for year in sorted(of_year.keys() - years):
        sources.report(
            of_year[year].file, f"{year}年", "有放假日期，没有依据的通知", f"请在notices.csv里补上{year}年的通知文号"
        )
    _known_years(sources, years, set(of_year))


def _known_years(sources: Sources, years: set[int], with_days: set[int]) -> None:
    today, file = sources.as_of, "notices.csv"
    for year in sorted(years - with_days):
        sources.report(file, f"{year}年", "有通知，没有放假日期", f"请新建calendar/{year}.csv", "warning")
    wanted = [today.year] if today.month < NOTICE_MONTH else [today.year, today.year + 1]
    for year in wanted:
        if year not in years:
            message = f"还没有{year}年的放假安排，落在这一年的期限只能暂定"
            fix = f"国务院办公厅通知发布后，新建calendar/{year}.csv，并在notices.csv加一行"
            sources.report(file, f"{year}年", message, fix, "warning")
