"""Jupyter's own test suite for kernels, with samples in Java. Needs jupyter_kernel_test and the kernelspec "manyjvm"."""

import inspect
import unittest

import jupyter_kernel_test


class ManyJvmKernelTests(jupyter_kernel_test.KernelTests):
    kernel_name = "manyjvm"
    language_name = "java"
    file_extension = ".java"

    code_hello_world = 'System.out.println("hello, world");'
    code_stderr = 'System.err.println("oh no");'

    completion_samples = [
        {"text": '"".isEmp', "matches": {"isEmpty()"}},
        {"text": "Math.floorM", "matches": {"floorMod("}},
    ]

    complete_code_samples = ["1 + 1", "int x = 3;", "void f() { }", "class A { int x; }", "// a comment"]
    incomplete_code_samples = ["void f() {", "int x =", "for (int i = 0; i < 3; i++) {", '"""\ntext']
    invalid_code_samples = ["int = 3;", "class { }", ")"]

    code_generate_error = 'throw new IllegalStateException("on purpose");'

    code_execute_result = [
        {"code": "1 + 2", "result": "3"},
        {"code": '"a" + 1', "result": "a1"},
        {"code": "new int[] {1, 2}", "result": "[1, 2]"},
        {"code": "6 * 7;", "result": "42"},
        {"code": "List.of(1, 2)", "result": "[1, 2]"},
    ]

    code_display_data = [
        {"code": 'display("<b>bold</b>", "text/html");', "mime": "text/html"},
        {"code": "display(List.of(1, 2))", "mime": "text/plain"},
    ]

    code_history_pattern = "1 [+]*"
    supported_history_operations = ("tail", "range", "search")

    code_inspect_sample = "Math.max"
    code_clear_output = "clearOutput();"

    def execute_helper(self, *args, **kwargs):
        """The suite gives each message 0.1 s, which a busy machine does not keep to; here it may take 30 s."""
        channel = self.kc.iopub_channel
        get_msg = channel.get_msg
        if inspect.iscoroutinefunction(get_msg):

            async def patient(timeout=None):
                return await get_msg(timeout=30)
        else:

            def patient(timeout=None):
                return get_msg(timeout=30)

        channel.get_msg = patient
        try:
            return super().execute_helper(*args, **kwargs)
        finally:
            del channel.get_msg


if __name__ == "__main__":
    unittest.main()
