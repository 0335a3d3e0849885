package manyjvm.parallel.shared.host;

import java.util.ArrayList;
import java.util.List;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.shared.SharedAnswer;
import manyjvm.parallel.shared.SharedOperation;
import manyjvm.parallel.shared.SharedRequest;

/** Host of a Manager's list. Its version counts the changes; each element keeps the sequence number it came with. */
final class ListHost extends ManagedHost {
    private final List<Element> elements = new ArrayList<>();
    private long version;
    private long sequences;

    ListHost(Shared.Handle handle) {
        super(handle);
    }

    @Override
    void serve(Caller caller, SharedOperation operation, SharedRequest request, List<Content> contents) {
        switch (operation) {
            case SIZE -> answer(caller, SharedAnswer.DONE, elements.size());
            case AT -> {
                if (isElement(caller, request.number())) {
                    give(caller, elements.get((int) request.number()).content(), false);
                }
            }
            case SET_AT -> {
                if (isElement(caller, request.number())) {
                    version++;
                    Element before = elements.set((int) request.number(), element(contents.get(0)));
                    give(caller, before.content(), true);
                }
            }
            case INSERT_AT -> {
                long index = request.number() == -1 ? elements.size() : request.number();
                if (index < 0 || index > elements.size()) {
                    answer(caller, SharedAnswer.NOT_NOW, elements.size());
                    return;
                }
                version++;
                elements.addAll((int) index, elements(contents));
                answer(caller, SharedAnswer.DONE);
            }
            case REMOVE_AT -> {
                if (isElement(caller, request.number())) {
                    version++;
                    give(caller, elements.remove((int) request.number()).content(), true);
                }
            }
            case REMOVE -> {
                boolean removed = elements.removeIf(element -> element.sequence() == request.number());
                version += removed ? 1 : 0;
                answer(caller, removed ? SharedAnswer.DONE : SharedAnswer.NOT_NOW);
            }
            case REPLACE_IF -> {
                if (version != request.number()) {
                    answer(caller, SharedAnswer.NOT_NOW);
                    return;
                }
                List<Element> content = elements(contents);
                version++;
                elements.clear();
                elements.addAll(content);
                answer(caller, SharedAnswer.DONE);
            }
            case SNAPSHOT -> giveAll(caller, version, elements, tooBig(elements.size()));
            default -> refuse(caller, operation);
        }
    }

    @Override
    void empty() {
        version++;
        elements.clear();
    }

    private boolean isElement(Caller caller, long index) {
        if (index >= 0 && index < elements.size()) {
            return true;
        }
        answer(caller, SharedAnswer.NOT_NOW, elements.size());
        return false;
    }

    private Element element(Content content) {
        return new Element(++sequences, content);
    }

    private List<Element> elements(List<Content> contents) {
        return contents.stream().map(this::element).toList();
    }
}
