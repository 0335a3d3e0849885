package manyjvm.parallel.code;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.execution.DirectExecutionControl;
import jdk.jshell.execution.LoaderDelegate;
import jdk.jshell.spi.ExecutionControl;
import jdk.jshell.spi.ExecutionControlProvider;
import jdk.jshell.spi.ExecutionEnv;
import manyjvm.parallel.code.lambda.LambdaTransform;
import manyjvm.parallel.spi.ClassSource;

/** A small notebook: cells go through a real JShell, whose classes are woven and kept as the kernel does it. */
final class NotebookSession implements ClassSource, AutoCloseable {
    private static final Pattern WRAPPER = Pattern.compile("REPL\\.\\$JShell\\$\\w+");

    private final SessionLoader loader = new SessionLoader();
    private final List<Path> classPath = new ArrayList<>();
    private final JShell shell;
    private Object lastValue;

    NotebookSession() {
        shell = JShell.builder().executionEngine(new Provider(), Map.of()).build();
        shell.addToClasspath(System.getProperty("java.class.path"));
        run("import java.util.*; import java.util.function.*; import java.util.concurrent.*; import java.io.*;"
                + " import manyjvm.parallel.Fn; import manyjvm.parallel.Task; import manyjvm.parallel.Action;");
    }

    /** Runs a cell, and gives the value of its last snippet. */
    Object run(String cell) {
        String rest = cell;
        while (!rest.isBlank()) {
            CompletionInfo next = shell.sourceCodeAnalysis().analyzeCompletion(rest);
            lastValue = null;
            for (SnippetEvent event : shell.eval(next.source())) {
                if (event.causeSnippet() == null) {
                    assertThat(event.status())
                            .as(() -> next.source()
                                    + shell.diagnostics(event.snippet())
                                            .map(each -> each.getMessage(null))
                                            .toList())
                            .isNotEqualTo(Snippet.Status.REJECTED);
                    assertThat(event.exception()).as(next.source()).isNull();
                }
            }
            rest = next.remaining();
        }
        return lastValue;
    }

    void addToClassPath(Path entry) {
        classPath.add(entry);
        shell.addToClasspath(entry.toString());
    }

    @Override
    public boolean defines(Class<?> type) {
        return type.getClassLoader() == loader && loader.files.containsKey(type.getName());
    }

    @Override
    public boolean isWrapper(Class<?> type) {
        return defines(type) && WRAPPER.matcher(type.getName()).matches();
    }

    @Override
    public byte[] bytes(Class<?> type) {
        if (!defines(type)) {
            throw new IllegalArgumentException(type.getName());
        }
        return loader.files.get(type.getName());
    }

    @Override
    public Class<?> find(String binaryName) throws ClassNotFoundException {
        return Class.forName(binaryName, false, loader);
    }

    @Override
    public ClassLoader loader() {
        return loader;
    }

    @Override
    public List<Path> classPath() {
        return List.copyOf(classPath);
    }

    @Override
    public StackTraceElement locate(StackTraceElement frame) {
        return frame;
    }

    @Override
    public void close() {
        shell.close();
    }

    private static final class SessionLoader extends java.net.URLClassLoader {
        private final Map<String, byte[]> files = new ConcurrentHashMap<>();

        SessionLoader() {
            super(new java.net.URL[0], NotebookSession.class.getClassLoader());
        }

        @Override
        protected void addURL(java.net.URL url) {
            super.addURL(url);
        }

        @Override
        protected Class<?> findClass(String name) throws ClassNotFoundException {
            byte[] file = files.get(name);
            return file == null ? super.findClass(name) : defineClass(name, file, 0, file.length);
        }
    }

    private final class Provider implements ExecutionControlProvider {
        @Override
        public String name() {
            return "in the test";
        }

        @Override
        public ExecutionControl generate(ExecutionEnv env, Map<String, String> parameters) {
            return new DirectExecutionControl(new Delegate()) {
                @Override
                protected String invoke(Method method) throws Exception {
                    lastValue = method.invoke(null);
                    return "";
                }
            };
        }
    }

    private final class Delegate implements LoaderDelegate {
        @Override
        public void load(ExecutionControl.ClassBytecodes[] compiled) {
            for (ExecutionControl.ClassBytecodes each : compiled) {
                loader.files.put(each.name(), LambdaTransform.apply(each.name(), each.bytecodes()));
            }
        }

        @Override
        public void classesRedefined(ExecutionControl.ClassBytecodes[] compiled) {
            throw new UnsupportedOperationException("the direct control redefines nothing");
        }

        @Override
        public void addToClasspath(String path) {
            try {
                for (String entry : path.split(java.io.File.pathSeparator)) {
                    loader.addURL(Path.of(entry).toUri().toURL());
                }
            } catch (java.net.MalformedURLException impossible) {
                throw new IllegalStateException(impossible);
            }
        }

        @Override
        public Class<?> findClass(String name) throws ClassNotFoundException {
            return Class.forName(name, false, loader);
        }
    }
}
