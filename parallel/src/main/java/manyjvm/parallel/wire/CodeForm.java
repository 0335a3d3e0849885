package manyjvm.parallel.wire;

import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import manyjvm.parallel.code.Bundle;
import manyjvm.parallel.code.CodeBase;
import manyjvm.parallel.code.JvmChanges;
import org.jspecify.annotations.Nullable;

/** The function of a job in bytes: its bundle, whose base is told once by itself, and what the JVM that submitted it was like. */
final class CodeForm {
    private CodeForm() {}

    static void write(Encoder out, Code code) {
        if (!(code instanceof Code.Shipped shipped)) {
            throw new IllegalStateException("a function of this JVM was about to be sent to another"
                    + "; this is a fault of manyjvm, please report it");
        }
        bundle(out, shipped.bundle());
        jvm(out, shipped.jvm());
    }

    static Code read(Decoder in) {
        return new Code.Shipped(bundle(in), jvm(in));
    }

    static void strings(Encoder out, Collection<String> strings) {
        out.writeUnsigned(strings.size());
        strings.forEach(out::writeString);
    }

    static List<String> strings(Decoder in) {
        List<String> strings = new ArrayList<>();
        for (int left = in.readCount(1); left > 0; left--) {
            strings.add(in.readString());
        }
        return strings;
    }

    static CodeBase readBase(Decoder in) {
        List<Bundle.ClassReference> classes = new ArrayList<>();
        for (int left = in.readCount(2); left > 0; left--) {
            classes.add(new Bundle.ClassReference(in.readString(), in.readString()));
        }
        return new CodeBase(classes, strings(in), in.readString());
    }

    static void writeBase(Encoder out, CodeBase base) {
        out.writeUnsigned(base.classes().size());
        for (Bundle.ClassReference reference : base.classes()) {
            out.writeString(reference.binaryName());
            out.writeString(reference.hash());
        }
        strings(out, base.classPath());
        out.writeString(base.site());
    }

    /** Without its base. */
    private static Bundle bundle(Decoder in) {
        List<Bundle.StaticField> fields = new ArrayList<>();
        for (int left = in.readCount(4); left > 0; left--) {
            fields.add(new Bundle.StaticField(in.readString(), in.readString(), in.readString(), in.readString()));
        }
        byte[] graph = in.readBytes();
        List<Bundle.BlobReference> blobs = new ArrayList<>();
        for (int left = in.readCount(2); left > 0; left--) {
            blobs.add(new Bundle.BlobReference(in.readString(), in.readLong()));
        }
        return new Bundle(CodeBase.NONE, fields, graph, blobs, List.of(), new LinkedHashSet<>(strings(in)));
    }

    private static void bundle(Encoder out, Bundle bundle) {
        out.writeUnsigned(bundle.fields().size());
        for (Bundle.StaticField field : bundle.fields()) {
            out.writeString(field.className());
            out.writeString(field.fieldName());
            out.writeString(field.version());
            out.writeString(field.group());
        }
        out.writeBytes(bundle.graph());
        out.writeUnsigned(bundle.blobs().size());
        for (Bundle.BlobReference blob : bundle.blobs()) {
            out.writeString(blob.hash());
            out.writeLong(blob.bytes());
        }
        strings(out, bundle.written());
    }

    private static JvmChanges jvm(Decoder in) {
        int count = in.readCount(2);
        if (count == 0) {
            return JvmChanges.NONE;
        }
        Map<String, @Nullable String> values = new HashMap<>();
        for (int left = count; left > 0; left--) {
            String key = in.readString();
            values.put(key, in.readBoolean() ? in.readString() : null);
        }
        return new JvmChanges(values);
    }

    private static void jvm(Encoder out, JvmChanges changes) {
        out.writeUnsigned(changes.values().size());
        changes.values().forEach((key, value) -> {
            out.writeString(key);
            out.writeBoolean(value != null);
            if (value != null) {
                out.writeString(value);
            }
        });
    }
}
