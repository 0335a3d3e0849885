package manyjvm.parallel.code;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.code.classes.RandomSources;
import manyjvm.parallel.code.classes.RecentClasses;
import manyjvm.parallel.code.closure.ClassFacts;
import manyjvm.parallel.code.closure.Closure;
import manyjvm.parallel.code.closure.Closures;
import manyjvm.parallel.code.closure.JdkChanges;
import manyjvm.parallel.code.closure.Root;
import manyjvm.parallel.code.closure.StaticHandle;
import manyjvm.parallel.code.graph.TypeNames;
import manyjvm.parallel.code.lambda.LambdaForm;
import manyjvm.parallel.code.lambda.LambdaSite;
import org.jspecify.annotations.Nullable;

/** Finds what the user may take for one object, though each worker has a copy. For use by any thread. */
final class CopiedObjects {
    private final Session session;

    /** The notebook's variables that a cell reads. */
    private final RecentClasses<List<ReadVariable>> readByCells =
            new RecentClasses<>(RecentClasses.KEPT, this::variablesReadBy);

    private record ReadVariable(String name, StaticHandle handle) {}

    CopiedObjects(Session session) {
        this.session = session;
    }

    /**
     * @param form the function, if it is a lambda
     * @param random whether the function's graph has a source of random numbers
     * @param staying what is said already of variables that do not travel
     */
    List<Copied> of(
            Snapshot snapshot,
            List<VariableContent> contents,
            Optional<LambdaForm> form,
            boolean random,
            List<Copied> staying) {
        Closure closure = snapshot.closure();
        List<Copied> copied = new ArrayList<>(staying);
        boolean named = false;
        for (int i = 0; i < snapshot.values().length; i++) {
            Closure.Variable variable = closure.variables().get(i);
            if (repeatsRandom(variable, snapshot.values()[i])) {
                copied.add(Copied.random(variable.shownName(), variable.shownName()));
                named = true;
            }
        }
        for (VariableContent content : contents) {
            if (content.part() != null && content.part().hasRandomSource()) {
                String name = content.variable().shownName();
                copied.add(Copied.random(name, name));
                named = true;
            }
        }
        if (random && !named && form.isPresent()) {
            copied.add(
                    Copied.random("what the lambda captured", form.get().site().text()));
        }
        if (!contents.isEmpty()) {
            addVariables(closure, contents, copied);
        }
        form.ifPresent(function -> addCaptured(function, closure, copied));
        return List.copyOf(copied);
    }

    /** Whether each worker makes the source of random numbers in a final field itself, with the same seed for all one knows. */
    private boolean repeatsRandom(Closure.Variable variable, @Nullable Object value) {
        if (!variable.isFinal() || value == null) {
            return false;
        }
        boolean repeats = value == Snapshot.UNREAD
                ? RandomSources.isOneDeclared(variable.descriptor())
                : RandomSources.isOne(value) && RandomSources.repeats(value.getClass());
        return repeats && !session.closures.facts(variable.owner()).freshRandom();
    }

    private static void addVariables(Closure closure, List<VariableContent> contents, List<Copied> copied) {
        for (Closure.Changed changed : closure.changed()) {
            if (changed instanceof Closure.Changed.OfVariable variable) {
                constant(variable, contents).ifPresent(copied::add);
                contents.stream()
                        .filter(each -> each.variable().owner() == variable.owner()
                                && each.variable().name().equals(variable.name()))
                        .forEach(each -> copy(each, variable.how())
                                .ifPresent(value ->
                                        copied.add(copied(each.variable().shownName(), value, variable.how()))));
            }
        }
    }

    /** What is told of an enum's constant whose fields the workers have copies of. */
    private static Optional<Copied> constant(Closure.Changed.OfVariable changed, List<VariableContent> contents) {
        List<VariableContent> fields = contents.stream()
                .filter(each -> each.value() != Snapshot.UNREAD
                        && each.variable().handle() instanceof StaticHandle.OfConstant handle
                        && handle.isOf(changed.owner(), changed.name()))
                .toList();
        boolean told = fields.stream().anyMatch(each -> each.value() != null)
                && fields.stream()
                        .allMatch(each -> each.value() == null
                                || copy(each, changed.how()).isPresent());
        String name = Closures.shownName(changed.owner(), changed.name());
        return told ? Optional.of(copied(name, changed, changed.how())) : Optional.empty();
    }

    /** The object that workers have copies of: what is shared is one for all, and what a worker makes itself is no copy. */
    private static Optional<Object> copy(VariableContent content, Closure.How how) {
        boolean leadsToShared =
                content.part() != null && !content.part().encoded().shared().isEmpty();
        return Optional.ofNullable(content.value())
                .filter(value ->
                        value != Snapshot.UNREAD && !(value instanceof Shared) && !(how.inside() && leadsToShared));
    }

    private static Copied copied(String name, Object value, Closure.How how) {
        return how.locked() ? Copied.locked(name, name) : Copied.changed(name, name, value, how.inside());
    }

    private void addCaptured(LambdaForm function, Closure closure, List<Copied> copied) {
        LambdaSite site = function.site();
        @Nullable Object[] captured = function.captured();
        if (captured.length == 0) {
            return;
        }
        String owner = site.implementationClass();
        if (owner.startsWith("java.") && JdkChanges.changed(owner.replace('.', '/'), site.implementationName()) == 0) {
            addCaptured(site, captured[0], new Closure.How(false, false), copied);
        }
        for (Closure.Changed changed : closure.changed()) {
            if (changed instanceof Closure.Changed.OfParameter parameter
                    && parameter.index() < captured.length
                    && isOf(site, parameter.method())) {
                addCaptured(site, captured[parameter.index()], parameter.how(), copied);
            }
        }
    }

    private static boolean isOf(LambdaSite site, Root.OfMethod method) {
        return method.name().equals(site.implementationName())
                && method.descriptor().equals(site.implementationSignature())
                && method.type().getName().equals(site.implementationClass());
    }

    private void addCaptured(LambdaSite site, @Nullable Object value, Closure.How how, List<Copied> copied) {
        if (value == null || value instanceof Shared) {
            return;
        }
        Optional<String> variable = variableHolding(value, site);
        if (variable.isPresent()) {
            copied.add(copied(variable.get(), value, how));
        } else {
            String name = "the " + TypeNames.nameOf(value.getClass()) + " that the lambda captured";
            copied.add(
                    how.locked()
                            ? Copied.locked(name, site.text())
                            : Copied.changed(name, site.text(), value, how.inside()));
        }
    }

    /** The notebook's variable that the cell which made a lambda took the value from. */
    private Optional<String> variableHolding(Object value, LambdaSite site) {
        return session.closures
                .sessionClass(site.capturingClass(), session.source.loader())
                .flatMap(cell -> readByCells.get(cell).stream()
                        .filter(each -> each.handle().get() == value)
                        .map(ReadVariable::name)
                        .findFirst());
    }

    private List<ReadVariable> variablesReadBy(Class<?> cell) {
        List<ReadVariable> variables = new ArrayList<>();
        for (ClassFacts.MethodFacts code :
                session.closures.facts(cell).methods().values()) {
            for (ClassFacts.Member read : code.reads()) {
                session.closures
                        .sessionClass(read.owner(), cell.getClassLoader())
                        .filter(session.source::isWrapper)
                        .map(owner -> StaticHandle.of(owner, read.name(), read.descriptor()))
                        .ifPresent(handle -> variables.add(new ReadVariable(read.name(), handle)));
            }
        }
        return List.copyOf(variables);
    }
}
