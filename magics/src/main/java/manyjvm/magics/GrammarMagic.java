package manyjvm.magics;

import java.util.List;
import java.util.Set;
import manyjvm.kernel.spi.Magic;

/** A magic whose use stands in a {@link Grammar}, from which it has its name, its usage text and what completes it. */
abstract class GrammarMagic implements Magic {
    private final Grammar grammar;

    GrammarMagic(Grammar grammar) {
        this.grammar = grammar;
    }

    @Override
    public final String name() {
        return grammar.name();
    }

    @Override
    public final String usage() {
        return grammar.usage();
    }

    @Override
    public List<String> complete(String argumentsBeforeCursor, Names names) {
        return grammar.complete(argumentsBeforeCursor, names, own(argumentsBeforeCursor));
    }

    /** Names that this magic alone knows, and that may be written next. */
    Set<String> own(String argumentsBeforeCursor) {
        return Set.of();
    }
}
