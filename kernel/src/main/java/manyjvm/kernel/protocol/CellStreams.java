package manyjvm.kernel.protocol;

import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import manyjvm.kernel.spi.Cell;
import manyjvm.kernel.spi.CellOutput.Stream;

/**
 * {@code System.out}, {@code System.err} and {@code System.in} of the process, by thread: text goes to the cell that the
 * printing thread works for, and to the stream that was there before while no cell has run yet.
 *
 * <p>A {@code System.setOut} of the user's stays in force until the user undoes it, also in later cells, as it does in
 * any JVM and as {@code sys.stdout} does in Python.
 */
final class CellStreams implements AutoCloseable {
    private final PrintStream outBefore = System.out;
    private final PrintStream errBefore = System.err;
    private final InputStream inBefore = System.in;

    CellStreams(CellOutputRouter outputs, InputStream input) {
        System.setOut(new PrintStream(new ToCell(outputs, Stream.STDOUT, outBefore), false, StandardCharsets.UTF_8));
        System.setErr(new PrintStream(new ToCell(outputs, Stream.STDERR, errBefore), false, StandardCharsets.UTF_8));
        System.setIn(input);
    }

    @Override
    public void close() {
        System.setOut(outBefore);
        System.setErr(errBefore);
        System.setIn(inBefore);
    }

    /** Decodes UTF-8 per thread, since a character's bytes may come in several writes. */
    private static final class ToCell extends OutputStream {
        private final CellOutputRouter outputs;
        private final Stream stream;
        private final PrintStream before;
        private final ThreadLocal<Decoder> decoders = ThreadLocal.withInitial(Decoder::new);

        ToCell(CellOutputRouter outputs, Stream stream, PrintStream before) {
            this.outputs = outputs;
            this.stream = stream;
            this.before = before;
        }

        @Override
        public void write(int oneByte) {
            write(new byte[] {(byte) oneByte}, 0, 1);
        }

        @Override
        public void write(byte[] bytes, int offset, int length) {
            Optional<Cell> cell = outputs.current();
            if (cell.isEmpty()) {
                before.write(bytes, offset, length);
                return;
            }
            String text = decoders.get().decode(bytes, offset, length);
            if (!text.isEmpty()) {
                outputs.write(cell.get(), stream, Thread.currentThread(), text);
                outputs.awaitRoom();
            }
        }

        @Override
        public void flush() {
            if (outputs.current().isEmpty()) {
                before.flush();
            }
        }
    }

    private static final class Decoder {
        private final CharsetDecoder decoder = StandardCharsets.UTF_8
                .newDecoder()
                .onMalformedInput(CodingErrorAction.REPLACE)
                .onUnmappableCharacter(CodingErrorAction.REPLACE);
        private ByteBuffer kept = ByteBuffer.allocate(0);

        String decode(byte[] bytes, int offset, int length) {
            ByteBuffer input = ByteBuffer.allocate(kept.remaining() + length)
                    .put(kept)
                    .put(bytes, offset, length)
                    .flip();
            CharBuffer characters = CharBuffer.allocate(input.remaining() + 1);
            decoder.decode(input, characters, false);
            kept = input.slice();
            return characters.flip().toString();
        }
    }
}
