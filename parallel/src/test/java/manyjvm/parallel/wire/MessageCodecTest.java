package manyjvm.parallel.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.code.Bundle;
import manyjvm.parallel.code.CodeBase;
import manyjvm.parallel.code.JvmChanges;
import manyjvm.parallel.insight.Spent;
import manyjvm.parallel.insight.Vitals;
import manyjvm.parallel.shared.Departure;
import manyjvm.parallel.shared.Hold;
import manyjvm.parallel.shared.SharedAnswer;
import manyjvm.parallel.shared.SharedRequest;
import manyjvm.parallel.spi.CallKind;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class MessageCodecTest {
    private static final byte[] BYTES = {1, 2, 3};
    private static final Shared.Handle HANDLE = new Shared.Handle("Queue", 7, "detail");
    private static final Bundle BUNDLE = new Bundle(
            CodeBase.NONE, // told by itself
            List.of(new Bundle.StaticField("a.B", "x", "version", "group")),
            BYTES,
            List.of(new Bundle.BlobReference("ee", 99)),
            List.of(),
            Set.of("y"));
    private static final JvmChanges CHANGES = changes();

    private static JvmChanges changes() {
        Map<String, String> values = new HashMap<>(Map.of("mode", "fast"));
        values.put("gone", null);
        return new JvmChanges(values);
    }

    static Stream<Message> messages() {
        SharedRequest request = new SharedRequest(HANDLE, 3, 4L, BYTES);
        return Stream.of(
                new Message.Hello(1, BYTES),
                new Message.Challenge(BYTES, BYTES),
                new Message.Proof(BYTES, 42),
                new Message.GiveClass("a.B", "ff", BYTES),
                new Message.GiveBlob("ee", 99, new byte[100_000]),
                new Message.DropContents(List.of("ee", "ff")),
                new Message.GiveBase(
                        3,
                        new CodeBase(List.of(new Bundle.ClassReference("a.B", "ff")), List.of("/lib/a.jar"), "site")),
                new Message.StartJob(1, CallKind.STARMAP, 3, new Code.Shipped(BUNDLE, CHANGES), true),
                new Message.RunChunk(1, 2, 3, 4, 5, new Payload.Bytes(BYTES)),
                new Message.RunJob(
                        new Message.StartJob(1, CallKind.CALLABLE, 0, new Code.Shipped(BUNDLE, CHANGES), false),
                        new Message.RunChunk(1, 2, 0, 0, 1, new Payload.Bytes(BYTES))),
                new Message.InterruptChunk(5),
                new Message.ReclaimChunk(5),
                new Message.EndJob(6),
                new Message.Received(7, 8),
                new Message.ClassAnswer(9, BYTES),
                new Message.SharedReply(10, new SharedAnswer(-1, 5, BYTES, 6, Hold.NONE)),
                new Message.AskThreads(11),
                new Message.Threads(11, BYTES),
                new Message.Leave(),
                new Message.ChunkItems(
                        1,
                        2,
                        3,
                        1,
                        true,
                        true,
                        new Spent(1, 1_000_000_000_000L, 3, 4),
                        List.of(new Message.Slow(2, 1, 70_000), new Message.Slow(3, 2, 60_000)),
                        new Payload.Bytes(new byte[50_000])),
                new Message.AskVitals(12),
                new Message.TellVitals(12, new Vitals(1, 2, 3, 4, Vitals.UNKNOWN)),
                new Message.ChunkReturned(1, Message.ChunkReturned.WHOLE),
                new Message.JobRefused(1, 2, BYTES),
                new Message.ItemStarted(1, 2),
                new Message.Output(1, -1, true, BYTES),
                new Message.Shown(1, 2, new byte[50_000]),
                new Message.Leaving(),
                new Message.NeedClass(3, "a.B"),
                new Message.SharedCall(1, 2, request),
                new Message.SharedTell(2, request),
                new Message.SharedGone(10_001, new Departure("Process-2 (pid 4711)", true)),
                new Message.NeedJvmIds(3),
                new Message.JvmIds(3, 10_001));
    }

    @Test
    void everyMessage_isCovered() {
        assertThat(messages().map(Message::getClass).collect(Collectors.<Class<?>>toSet()))
                .containsExactlyInAnyOrderElementsOf(Stream.of(Message.class.getPermittedSubclasses())
                        .flatMap(direction -> Stream.of(direction.getPermittedSubclasses()))
                        .toList());
    }

    @ParameterizedTest
    @MethodSource("messages")
    void message_survivesTheJourneyInPiecesOfAnySize(Message message) {
        for (int piece : new int[] {1, 7, 4096, Integer.MAX_VALUE}) {
            FrameReader reader = new FrameReader();
            reader.trust();
            List<Message> read = new ArrayList<>();
            byte[] stream = stream(message, message);
            for (int at = 0; at < stream.length; at += Math.min(piece, stream.length)) {
                reader.read(ByteBuffer.wrap(stream, at, Math.min(piece, stream.length - at)), read::add);
            }
            assertThat(read).hasSize(2).allSatisfy(one -> assertThat(one)
                    .usingRecursiveComparison()
                    .isEqualTo(message));
            assertThat(reader.streamBytes() + reader.attachmentBytes()).isEqualTo(stream.length);
        }
    }

    @ParameterizedTest
    @MethodSource("messages")
    void truncatedMessage_isRefused(Message message) {
        Encoder out = new Encoder(16);
        MessageCodec.write(message, out);
        for (int length = 0; length < Math.min(out.size(), 200); length++) {
            byte[] cut = Arrays.copyOf(out.toByteArray(), length);
            assertThatThrownBy(() -> MessageCodec.read(new Decoder(cut, cut.length, out.attachments())))
                    .isInstanceOf(WireException.class);
        }
    }

    @ParameterizedTest
    @MethodSource("messages")
    void damagedMessage_isReadAsAnotherOrRefused(Message message) {
        Encoder out = new Encoder(16);
        MessageCodec.write(message, out);
        SplittableRandom random = new SplittableRandom(7);
        for (int round = 0; round < 1_000; round++) {
            byte[] bytes = out.toByteArray();
            for (int damages = 1 + random.nextInt(3); damages > 0; damages--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt(256);
            }
            try {
                MessageCodec.read(new Decoder(bytes, bytes.length, out.attachments()));
            } catch (WireException refused) {
                assertThat(refused).hasMessageNotContaining("null");
            }
        }
    }

    @Test
    void stranger_mayNotSendLargeFramesOrAttachments() {
        byte[] huge = ByteBuffer.allocate(8).putInt(Integer.MAX_VALUE).putInt(0).array();
        byte[] attached = ByteBuffer.allocate(8).putInt(10).putInt(1).array();
        byte[] http = "GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII);
        for (byte[] bytes : List.of(huge, attached, http)) {
            assertThatThrownBy(() -> new FrameReader().read(ByteBuffer.wrap(bytes), message -> {}))
                    .isInstanceOf(WireException.class);
        }
    }

    private static byte[] stream(Message... messages) {
        java.io.ByteArrayOutputStream stream = new java.io.ByteArrayOutputStream();
        for (Message message : messages) {
            FrameWriter.Frame frame = FrameWriter.frame(message);
            stream.write(frame.stream(), 0, frame.length());
            frame.attachments().forEach(stream::writeBytes);
        }
        return stream.toByteArray();
    }
}
