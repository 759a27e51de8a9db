"""Rules of imports: pure functions."""

from backend.core.errors import RuleViolation


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
        raise RuleViolation("upload_gone", "原始表格已过保存期，请重新上传。", field="batch")


def file_fits(size: int, limit: int) -> None:
    """Raises: file_too_large. Sizes in bytes."""
    if size > limit:
        raise RuleViolation(
            "file_too_large",
            f"文件超过 {limit // 1024 // 1024} MB，请拆成几个文件后分别上传。",
            field="file",
        )
