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

    def ask(self, channel, kind, content=None, subshell=None):
        """Sends a request and gives its reply; the suite itself knows neither the control channel nor subshells."""
        message = self.kc.session.msg(kind, content or {})
        if subshell is not None:
            message["header"]["subshell_id"] = subshell
        getattr(self.kc, channel + "_channel").send(message)
        return message["header"]["msg_id"], getattr(self.kc, "get_" + channel + "_msg")

    def reply(self, request, get_msg):
        while True:
            message = get_msg(timeout=30)
            if message["parent_header"]["msg_id"] == request:
                return message

    def test_subshell_runs_beside_a_busy_cell(self):
        self.flush_channels()
        subshell = self.reply(*self.ask("control", "create_subshell_request"))["content"]["subshell_id"]
        listed = self.reply(*self.ask("control", "list_subshell_request"))["content"]
        self.assertEqual(listed["subshell_id"], [subshell])
        self.execute_helper(code="var gate = new java.util.concurrent.CountDownLatch(1);")
        busy, get_msg = self.ask("shell", "execute_request", {"code": "gate.await(); 21 * 2"})
        beside = self.reply(*self.ask("shell", "execute_request", {"code": "gate.countDown();"}, subshell))
        self.assertEqual(beside["content"]["status"], "ok")
        self.assertEqual(beside["parent_header"]["subshell_id"], subshell)
        self.assertIn("started", beside["metadata"])
        self.assertEqual(self.reply(busy, get_msg)["content"]["status"], "ok")
        deleted = self.reply(*self.ask("control", "delete_subshell_request", {"subshell_id": subshell}))
        self.assertEqual(deleted["content"]["status"], "ok")
        unknown = self.reply(*self.ask("shell", "execute_request", {"code": "1"}, subshell))
        self.assertEqual(unknown["content"]["status"], "error")

    def test_usage_and_debugger(self):
        usage = self.reply(*self.ask("control", "usage_request"))["content"]
        for name in ("hostname", "pid", "kernel_cpu", "kernel_memory", "cpu_count", "host_virtual_memory"):
            self.assertIn(name, usage)
        debug = self.reply(*self.ask("control", "debug_request", {"type": "request", "seq": 1, "command": "debugInfo"}))
        self.assertEqual(debug["content"]["status"], "error")

    def test_subscriber_is_welcomed(self):
        late = self.km.client()
        try:
            message = late.get_iopub_msg(timeout=30)
            self.assertEqual(message["msg_type"], "iopub_welcome")
            self.assertEqual(message["content"]["subscription"], "")
            self.assertEqual(message["parent_header"], {})
        finally:
            late.iopub_channel.stop()
        # All subscribers hear of it, and the suite, which checks what it flushes, does not know it.
        while self.kc.get_iopub_msg(timeout=30)["msg_type"] != "iopub_welcome":
            pass


if __name__ == "__main__":
    unittest.main()
