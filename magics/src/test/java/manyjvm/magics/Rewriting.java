package manyjvm.magics;

import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Optional;
import manyjvm.kernel.spi.Magic;
import manyjvm.kernel.spi.Magic.Call;
import manyjvm.kernel.spi.Magic.MagicUsageException;
import manyjvm.kernel.spi.Magic.Names;
import manyjvm.kernel.spi.Magic.Rewritten;

/** Uses a magic as the session does. */
final class Rewriting {
    private final Magic magic;
    private final Names names;

    Rewriting(Magic magic, Names names) {
        this.magic = magic;
        this.names = names;
    }

    String line(String arguments) throws MagicUsageException {
        return rewritten(arguments).before().replace("manyjvm.magics.api.", "");
    }

    Rewritten rewritten(String arguments) throws MagicUsageException {
        return magic.rewrite(new Call(arguments, Optional.empty(), false, names));
    }

    Rewritten asValue(String arguments) throws MagicUsageException {
        return magic.rewrite(new Call(arguments, Optional.empty(), true, names));
    }

    /** The whole cell as it is compiled. */
    String cell(String arguments, String body) throws MagicUsageException {
        Rewritten rewritten = magic.rewrite(new Call(arguments, Optional.of(body), false, names));
        String declaration =
                rewritten.declares().map(name -> "var " + name + " = ").orElse("");
        return (declaration + rewritten.before() + "\n" + body + rewritten.after()).replace("manyjvm.magics.api.", "");
    }

    String refusal(String arguments) {
        return catchThrowableOfType(MagicUsageException.class, () -> rewritten(arguments))
                .getMessage();
    }

    String cellRefusal(String arguments) {
        return catchThrowableOfType(MagicUsageException.class, () -> cell(arguments, "f(1);"))
                .getMessage();
    }
}
