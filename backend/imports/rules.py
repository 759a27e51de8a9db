"""Rules of imports: pure functions."""

from collections import Counter
from collections.abc import Collection

from backend.core.errors import RuleViolation
from backend.imports.directions import IGNORED, KEPT, Directions

# The last column (XFD) of an .xlsx; far below any title rows; far more answers than a sheet has questions.
MAX_COLUMNS = 16_384
MAX_HEADER_ROW = 200
MAX_ANSWERS = 20_000
MAX_ANSWER_LENGTH = 200


def good_rows_are_chosen(rejected: int, take_good: bool) -> None:
    """Raises: rows_rejected unless every row is good, or taking only the good ones was chosen."""
    if rejected and not take_good:
        raise RuleViolation(
            "rows_rejected",
            f"有 {rejected} 行有问题，没有导入。请改好后重新上传，或选择“只导入没有问题的行”。",
            field="takeGood",
        )


def file_is_kept(kept: bool) -> None:
    """Raises: upload_gone."""
    if not kept:
        raise upload_is_gone()


def upload_is_gone() -> RuleViolation:
    """What is said of a file that is no longer kept."""
    return RuleViolation("upload_gone", "原始表格已过保存期，请重新上传。", field="batch")


def file_fits(size: int, limit: int) -> None:
    """Raises: file_too_large. Sizes in bytes."""
    if size > limit:
        raise RuleViolation(
            "file_too_large",
            f"文件超过 {limit // 1024 // 1024} MB，请拆成几个文件后分别上传。",
            field="file",
        )


def directions_fit(
    directions: Directions, *, attributes: Collection[str], keeps_remarks: bool
) -> None:
    """Raises: header_row_invalid; column_position_invalid; use_unknown; use_twice;
    remark_missing; answers_invalid.
    """
    if directions.header_row is not None and not 0 <= directions.header_row <= MAX_HEADER_ROW:
        raise RuleViolation(
            "header_row_invalid",
            f"表头应在前 {MAX_HEADER_ROW} 行里，请重新选择。",
            field="header_row",
        )
    for index, use in directions.columns.items():
        if not 0 <= index < MAX_COLUMNS:
            raise RuleViolation("column_position_invalid", "没有这一列，请核对。", field="columns")
        if use == KEPT and not keeps_remarks:
            raise RuleViolation(
                "remark_missing",
                "这个登记簿没有备注，不能并入备注，请选择“忽略”。",
                field="columns",
            )
        if use not in (IGNORED, KEPT) and use not in attributes:
            raise RuleViolation(
                "use_unknown", "这个登记簿里没有这一项，请重新选择。", field="columns"
            )
    uses = Counter(use for use in directions.columns.values() if use not in (IGNORED, KEPT))
    if any(times > 1 for times in uses.values()):
        raise RuleViolation(
            "use_twice", "有两列选了同一项，请只保留一列，另一列选“忽略”。", field="columns"
        )
    if len(directions.answers) > MAX_ANSWERS or any(
        len(text) > MAX_ANSWER_LENGTH for pair in directions.answers.items() for text in pair
    ):
        raise RuleViolation("answers_invalid", "回答太多或太长，请分次提交。", field="answers")
