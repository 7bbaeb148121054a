"""The program: a policy as flat tables of whole numbers, which the kernel runs over a book."""

from goodstanding.program.binding import Bound, bind
from goodstanding.program.compiling import Program, Reader, compile_policy

__all__ = ["Bound", "Program", "Reader", "bind", "compile_policy"]
