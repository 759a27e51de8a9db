"""The states of an import batch: one from/to table."""

from backend.core.workflow import Machine, Move, from_any
from backend.imports.choices import BatchStatus as S

BATCH_MACHINE = Machine(
    field="status",
    moves=(
        Move("plan", "生成预览", from_any(S.READING), S.PLANNED),
        Move("refuse", "退回文件", from_any(S.READING), S.REFUSED),
        # Staff have said more about the file: it is read once more.
        Move("reread", "重新读取", from_any(S.PLANNED, S.REFUSED), S.READING),
        Move("commit", "确认导入", from_any(S.PLANNED), S.COMMITTED),
        Move("undo", "撤销导入", from_any(S.COMMITTED), S.UNDONE, colour="danger"),
        Move("discard", "放弃", from_any(S.READING, S.PLANNED, S.REFUSED), S.DISCARDED),
    ),
)
