package manyjvm.magics.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import manyjvm.kernel.runner.KernelCommand;

/** The settings of a user who has only this build's kernel, in a folder of their own. */
public final class JupyterHome {
    private static final String KERNEL = "manyjvm";

    private final Path folder;

    public JupyterHome(Path folder) throws IOException {
        this.folder = folder;
        JsonArray words = new JsonArray();
        KernelCommand.ofThisJvm().words().forEach(words::add);
        words.add("{connection_file}");
        JsonObject spec = new JsonObject();
        spec.add("argv", words);
        spec.addProperty("display_name", "Java (manyjvm)");
        spec.addProperty("language", "java");
        spec.addProperty("interrupt_mode", "message");
        Path kernel = Files.createDirectories(folder.resolve("data/kernels").resolve(KERNEL));
        Files.writeString(kernel.resolve("kernel.json"), spec.toString());
    }

    Path runtimeFolder() {
        return folder.resolve("runtime");
    }

    /** A program with these settings, where work lies. */
    ProcessBuilder program(List<String> words) throws IOException {
        ProcessBuilder builder = new ProcessBuilder(words);
        builder.directory(workFolder().toFile());
        Map<String, String> environment = builder.environment();
        environment.keySet().removeIf(name -> name.matches("(JUPYTER|IPYTHON|XDG|TMUX|MANYJVM).*"));
        environment.put("HOME", folder.toString());
        environment.put("JUPYTER_CONFIG_DIR", folder.resolve("config").toString());
        environment.put("JUPYTER_DATA_DIR", folder.resolve("data").toString());
        environment.put("JUPYTER_RUNTIME_DIR", runtimeFolder().toString());
        environment.put("XDG_DATA_HOME", folder.resolve("share").toString());
        environment.put("XDG_STATE_HOME", folder.resolve("state").toString());
        environment.put("XDG_CONFIG_HOME", folder.resolve("config").toString());
        environment.put("IPYTHONDIR", folder.resolve("ipython").toString());
        environment.put("PYTHONDONTWRITEBYTECODE", "1");
        environment.put("LC_ALL", "C.UTF-8");
        environment.put("TERM", "xterm-256color");
        return builder;
    }

    /** Where notebooks and programs' files lie, and nothing else. */
    public Path workFolder() throws IOException {
        return Files.createDirectories(folder.resolve("work"));
    }

    record Output(int exitCode, String text, String errors) {}

    /** Runs a program to its end, which leaves no process behind. */
    Output run(String input, String... words) throws IOException, InterruptedException {
        Path typed = Files.writeString(folder.resolve("typed.txt"), input);
        Path printed = folder.resolve("printed.txt");
        Path errors = folder.resolve("errors.txt");
        Process process = program(List.of(words))
                .redirectInput(typed.toFile())
                .redirectOutput(printed.toFile())
                .redirectError(errors.toFile())
                .start();
        try {
            assertThat(process.waitFor(2, TimeUnit.MINUTES))
                    .as(() -> String.join(" ", words) + " ended")
                    .isTrue();
        } finally {
            Programs.end(process);
        }
        return new Output(process.exitValue(), Files.readString(printed, UTF_8), Files.readString(errors, UTF_8));
    }
}
