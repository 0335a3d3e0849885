package manyjvm.kernel.session.execution;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/**
 * Gives the classes that JShell makes the source file and the lines of the cell: {@code In[3]}, line 2. Done once in the class
 * file, it holds wherever the class goes: in a worker's stack trace as well as in a user's {@code printStackTrace()}.
 *
 * <p>JShell puts a snippet's text into a wrapper class. The text keeps its lines; only where its first line comes to stand
 * depends on the kind of snippet, which shows in the wrapper's members:
 *
 * <pre>
 *   1 package REPL;             1 package REPL;                1 package REPL;
 *   2 import ...                2 import ...                   2 import ...
 *   3 class $JShell$1 {         3 class $JShell$2 {            3 class $JShell$3 {
 *   4     public static         4     public static            4     public static int x;
 *   5     TEXT  (method, type)  5     int $1;                  5     public static Object do_it$() ...
 *                               6     ... Object do_it$() ...  6         int x_ =
 *                               7         return $1 =          7         INITIALIZER
 *                               8         TEXT  (expression)
 * </pre>
 *
 * A statement or assignment stands in line 5, inside {@code do_it$}. The tests hold these numbers on each JDK. A line outside of
 * the text is JShell's own and becomes the nearest line of the text.
 */
public final class CellLines {
    private static final Pattern TEMPORARY = Pattern.compile("\\$\\d+");

    private final String label;
    private final int wrapperLineOfText;
    private final int firstLine;
    private final int lastLine;

    private CellLines(CodeOrigin origin, int wrapperLineOfText, int skippedLines) {
        this.label = origin.label();
        this.wrapperLineOfText = wrapperLineOfText;
        this.firstLine = origin.firstLine() + skippedLines;
        this.lastLine = origin.firstLine() + lines(origin.text());
    }

    /** @param wrapper the wrapper's class file as JShell made it */
    static CellLines of(CodeOrigin origin, byte[] wrapper) {
        Members members = new Members();
        new ClassReader(wrapper)
                .accept(members, ClassReader.SKIP_CODE | ClassReader.SKIP_DEBUG | ClassReader.SKIP_FRAMES);
        if (!members.runs || members.variable == null) {
            return new CellLines(origin, 5, 0);
        }
        if (TEMPORARY.matcher(members.variable).matches()) {
            return new CellLines(origin, 8, 0);
        }
        Matcher initializer = Pattern.compile("(?<!\\p{javaJavaIdentifierPart})" + Pattern.quote(members.variable)
                        + "(\\s*\\[\\s*\\])*\\s*=(\\s|//[^\\n]*|/\\*(?s:.*?)\\*/)*")
                .matcher(origin.text());
        return new CellLines(origin, 7, initializer.find() ? lines(origin.text().substring(0, initializer.end())) : 0);
    }

    byte[] relabel(byte[] classFile) {
        ClassReader reader = new ClassReader(classFile);
        ClassWriter writer = new ClassWriter(reader, 0);
        reader.accept(
                new ClassVisitor(Opcodes.ASM9, writer) {
                    @Override
                    public void visitSource(String source, String debug) {
                        super.visitSource(label, null);
                    }

                    @Override
                    public @Nullable MethodVisitor visitMethod(
                            int access, String name, String descriptor, String signature, String[] exceptions) {
                        return new MethodVisitor(
                                Opcodes.ASM9, super.visitMethod(access, name, descriptor, signature, exceptions)) {
                            @Override
                            public void visitLineNumber(int line, Label start) {
                                super.visitLineNumber(cellLine(line), start);
                            }
                        };
                    }
                },
                0);
        return writer.toByteArray();
    }

    private int cellLine(int wrapperLine) {
        return Math.max(firstLine, Math.min(lastLine, firstLine + wrapperLine - wrapperLineOfText));
    }

    private static int lines(String text) {
        return (int) text.chars().filter(c -> c == '\n').count();
    }

    private static final class Members extends ClassVisitor {
        boolean runs;

        @Nullable
        String variable;

        Members() {
            super(Opcodes.ASM9);
        }

        @Override
        public @Nullable FieldVisitor visitField(
                int access, String name, String descriptor, @Nullable String signature, @Nullable Object value) {
            variable = name;
            return null;
        }

        @Override
        public @Nullable MethodVisitor visitMethod(
                int access, String name, String descriptor, String signature, String[] exceptions) {
            runs |= name.equals("do_it$");
            return null;
        }
    }
}
