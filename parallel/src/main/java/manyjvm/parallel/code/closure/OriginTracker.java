package manyjvm.parallel.code.closure;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ConstantDynamic;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Follows one method's code from its first instruction to its last, and notes which objects that come from elsewhere it
 * changes. It stands for the operand stack and the local variables, with where the objects come from instead of the objects.
 *
 * <p>One pass, without turning back at loops: good for what a compiler makes, and whatever cannot be followed comes from
 * nowhere. So it may miss a change, and names none that the code does not have.
 */
final class OriginTracker extends MethodVisitor {
    private final ClassFacts.MethodFacts facts;
    private final boolean initializer;
    private final List<@Nullable Origin> stack = new ArrayList<>();
    private final Map<Integer, @Nullable Origin> locals = new HashMap<>();
    private final Map<Label, List<@Nullable Origin>> saved = new HashMap<>();
    private boolean reached = true;

    /** @param initializer whether it is a class's, whose own statics are not changed but made by it */
    OriginTracker(ClassFacts.MethodFacts facts, boolean isStatic, boolean initializer, String descriptor) {
        super(Opcodes.ASM9);
        this.facts = facts;
        this.initializer = initializer;
        int slot = 0;
        int parameter = 0;
        if (!isStatic) {
            locals.put(slot++, new Origin.Parameter(parameter++));
        }
        for (Type type : Type.getArgumentTypes(descriptor)) {
            if (isObject(type)) {
                locals.put(slot, new Origin.Parameter(parameter));
            }
            slot += type.getSize();
            parameter++;
        }
    }

    private static boolean isObject(Type type) {
        return type.getSort() == Type.OBJECT || type.getSort() == Type.ARRAY;
    }

    // ---- the operand stack, in words ----

    private @Nullable Origin pop() {
        return stack.isEmpty() ? null : stack.remove(stack.size() - 1);
    }

    private void pop(int words) {
        for (int i = 0; i < words; i++) {
            pop();
        }
    }

    private void push(@Nullable Origin origin) {
        stack.add(origin);
    }

    private void pushNothing(int words) {
        for (int i = 0; i < words; i++) {
            push(null);
        }
    }

    /** Copies the top words below others. */
    private void duplicate(int words, int below) {
        List<@Nullable Origin> moved = new ArrayList<>(Collections.<@Nullable Origin>nCopies(words + below, null));
        for (int i = moved.size() - 1; i >= 0; i--) {
            moved.set(i, pop());
        }
        stack.addAll(moved.subList(below, moved.size()));
        stack.addAll(moved);
    }

    private void change(@Nullable Origin target, boolean locked) {
        if (target != null && !initializer) {
            facts.changes().add(new Origin.Change(target, locked, false));
        }
    }

    // ---- instructions ----

    @Override
    public void visitInsn(int opcode) {
        switch (opcode) {
            case Opcodes.LCONST_0, Opcodes.LCONST_1, Opcodes.DCONST_0, Opcodes.DCONST_1 -> pushNothing(2);
            case Opcodes.AALOAD -> {
                pop();
                push(Origin.Part.of(pop()));
            }
            case Opcodes.LALOAD, Opcodes.DALOAD -> {
                pop(2);
                pushNothing(2);
            }
            case Opcodes.IALOAD, Opcodes.FALOAD, Opcodes.BALOAD, Opcodes.CALOAD, Opcodes.SALOAD -> {
                pop(2);
                pushNothing(1);
            }
            case Opcodes.LASTORE, Opcodes.DASTORE -> {
                pop(3);
                change(pop(), false);
            }
            case Opcodes.IASTORE,
                    Opcodes.FASTORE,
                    Opcodes.AASTORE,
                    Opcodes.BASTORE,
                    Opcodes.CASTORE,
                    Opcodes.SASTORE -> {
                pop(2);
                change(pop(), false);
            }
            case Opcodes.POP, Opcodes.MONITOREXIT -> pop();
            case Opcodes.MONITORENTER -> change(pop(), true);
            case Opcodes.POP2 -> pop(2);
            case Opcodes.DUP -> duplicate(1, 0);
            case Opcodes.DUP_X1 -> duplicate(1, 1);
            case Opcodes.DUP_X2 -> duplicate(1, 2);
            case Opcodes.DUP2 -> duplicate(2, 0);
            case Opcodes.DUP2_X1 -> duplicate(2, 1);
            case Opcodes.DUP2_X2 -> duplicate(2, 2);
            case Opcodes.SWAP -> {
                Origin top = pop();
                Origin next = pop();
                push(top);
                push(next);
            }
            case Opcodes.NOP,
                    Opcodes.INEG,
                    Opcodes.LNEG,
                    Opcodes.FNEG,
                    Opcodes.DNEG,
                    Opcodes.I2F,
                    Opcodes.F2I,
                    Opcodes.I2B,
                    Opcodes.I2C,
                    Opcodes.I2S,
                    Opcodes.L2D,
                    Opcodes.D2L -> {
                // as many words as before, and still no object
            }
            case Opcodes.ARRAYLENGTH -> {
                pop();
                push(null);
            }
            case Opcodes.I2L, Opcodes.I2D, Opcodes.F2L, Opcodes.F2D -> pushNothing(1);
            case Opcodes.L2I, Opcodes.L2F, Opcodes.D2I, Opcodes.D2F -> pop();
            case Opcodes.LCMP, Opcodes.DCMPL, Opcodes.DCMPG -> pop(3);
            case Opcodes.LADD,
                    Opcodes.LSUB,
                    Opcodes.LMUL,
                    Opcodes.LDIV,
                    Opcodes.LREM,
                    Opcodes.LAND,
                    Opcodes.LOR,
                    Opcodes.LXOR,
                    Opcodes.DADD,
                    Opcodes.DSUB,
                    Opcodes.DMUL,
                    Opcodes.DDIV,
                    Opcodes.DREM -> pop(2);
            case Opcodes.ARETURN -> {
                Origin given = pop();
                if (given != null) {
                    facts.returns().add(given);
                }
                leave();
            }
            case Opcodes.IRETURN, Opcodes.LRETURN, Opcodes.FRETURN, Opcodes.DRETURN, Opcodes.RETURN, Opcodes.ATHROW ->
                leave();
            default -> {
                if (opcode <= Opcodes.DCONST_1) {
                    push(null); // a constant of one word
                } else {
                    pop(); // of two operands, or of a number and a shift, one result
                }
            }
        }
    }

    private void leave() {
        reached = false;
        stack.clear();
    }

    @Override
    public void visitIntInsn(int opcode, int operand) {
        if (opcode == Opcodes.NEWARRAY) {
            newArray(1);
        } else {
            push(null);
        }
    }

    @Override
    public void visitLdcInsn(Object value) {
        boolean wide = value instanceof Long
                || value instanceof Double
                || value instanceof ConstantDynamic dynamic && dynamic.getSize() == 2;
        pushNothing(wide ? 2 : 1);
    }

    @Override
    public void visitVarInsn(int opcode, int index) {
        switch (opcode) {
            case Opcodes.ALOAD -> push(locals.get(index));
            case Opcodes.ASTORE -> locals.put(index, pop());
            case Opcodes.ILOAD, Opcodes.FLOAD -> push(null);
            case Opcodes.LLOAD, Opcodes.DLOAD -> pushNothing(2);
            case Opcodes.ISTORE, Opcodes.FSTORE -> {
                pop();
                locals.remove(index);
            }
            default -> {
                pop(2);
                locals.remove(index);
                locals.remove(index + 1);
            }
        }
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
        if (opcode == Opcodes.NEW) {
            push(null);
        } else if (opcode != Opcodes.CHECKCAST) {
            pop(); // a new array, or the answer to instanceof
            push(null);
        }
    }

    @Override
    public void visitMultiANewArrayInsn(String descriptor, int dimensions) {
        newArray(dimensions);
    }

    private void newArray(int dimensions) {
        pop(dimensions);
        push(null);
    }

    @Override
    public void visitJumpInsn(int opcode, Label target) {
        if (opcode >= Opcodes.IF_ICMPEQ && opcode <= Opcodes.IF_ACMPNE) {
            pop(2);
        } else if (opcode != Opcodes.GOTO) {
            pop();
        }
        saved.putIfAbsent(target, copy());
        if (opcode == Opcodes.GOTO) {
            leave();
        }
    }

    @Override
    public void visitTableSwitchInsn(int least, int most, Label otherwise, Label... targets) {
        choice(otherwise, targets);
    }

    @Override
    public void visitLookupSwitchInsn(Label otherwise, int[] keys, Label[] targets) {
        choice(otherwise, targets);
    }

    private void choice(Label otherwise, Label... targets) {
        pop();
        for (Label target : targets) {
            saved.putIfAbsent(target, copy());
        }
        saved.putIfAbsent(otherwise, copy());
        leave();
    }

    private List<@Nullable Origin> copy() {
        return new ArrayList<>(stack);
    }

    @Override
    public void visitTryCatchBlock(Label start, Label end, Label handler, String type) {
        saved.put(handler, Collections.<@Nullable Origin>singletonList(null));
    }

    @Override
    public void visitLabel(Label label) {
        List<@Nullable Origin> before = saved.get(label);
        if (!reached) {
            stack.clear();
            if (before != null) {
                stack.addAll(before);
            }
        } else if (before != null && before.size() == stack.size()) {
            for (int i = 0; i < before.size(); i++) {
                if (stack.get(i) == null) {
                    stack.set(i, before.get(i));
                }
            }
        }
        reached = true;
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String name, String descriptor) {
        ClassFacts.Member field = new ClassFacts.Member(owner.replace('/', '.'), name, descriptor);
        Type type = Type.getType(descriptor);
        switch (opcode) {
            case Opcodes.GETSTATIC -> pushField(type, new Origin.Field(field));
            case Opcodes.PUTSTATIC -> {
                pop(type.getSize());
                if (!initializer) {
                    facts.changes().add(new Origin.Change(new Origin.Field(field), false, true));
                }
            }
            case Opcodes.GETFIELD -> pushField(type, Origin.Part.of(pop()));
            default -> {
                pop(type.getSize());
                change(pop(), false);
            }
        }
    }

    private void pushField(Type type, @Nullable Origin origin) {
        if (isObject(type)) {
            push(origin);
        } else {
            pushNothing(type.getSize());
        }
    }

    @Override
    public void visitMethodInsn(int opcode, String owner, String name, String descriptor, boolean ofInterface) {
        List<@Nullable Origin> arguments = arguments(opcode == Opcodes.INVOKESTATIC, descriptor);
        Type result = Type.getReturnType(descriptor);
        Origin given = called(owner, name, descriptor, arguments);
        if (isObject(result)) {
            push(given);
        } else {
            pushNothing(result.getSize());
        }
    }

    private List<@Nullable Origin> arguments(boolean isStatic, String descriptor) {
        List<@Nullable Origin> arguments = new ArrayList<>();
        Type[] types = Type.getArgumentTypes(descriptor);
        for (int i = types.length - 1; i >= 0; i--) {
            pop(types[i].getSize() - 1);
            arguments.add(pop());
        }
        if (!isStatic) {
            arguments.add(pop());
        }
        Collections.reverse(arguments);
        return arguments;
    }

    /** Of the arguments, the last may be missing: they come when a lambda is called. */
    private @Nullable Origin called(String owner, String name, String descriptor, List<@Nullable Origin> arguments) {
        if (owner.startsWith("java/")) {
            int changed = JdkChanges.changed(owner, name);
            if (JdkChanges.isOne(changed) && changed < arguments.size()) {
                change(arguments.get(changed), false);
            }
            return !arguments.isEmpty() && JdkChanges.givesPart(owner, name) ? Origin.Part.of(arguments.get(0)) : null;
        }
        if (owner.startsWith("[")) {
            return null;
        }
        Origin.Call call = new Origin.Call(new ClassFacts.Member(owner.replace('/', '.'), name, descriptor), arguments);
        if (arguments.stream().anyMatch(argument -> argument != null)) {
            facts.passes().add(call);
        }
        return Origin.Result.of(call);
    }

    private static boolean isMethod(int tag) {
        return tag >= Opcodes.H_INVOKEVIRTUAL && tag != Opcodes.H_NEWINVOKESPECIAL;
    }

    @Override
    public void visitInvokeDynamicInsn(String name, String descriptor, Handle bootstrap, Object... constants) {
        List<@Nullable Origin> captured = arguments(true, descriptor);
        for (Object constant : constants) {
            if (constant instanceof Handle handle && isMethod(handle.getTag())) {
                called(handle.getOwner(), handle.getName(), handle.getDesc(), captured);
            }
        }
        pushNothing(Type.getReturnType(descriptor).getSize());
    }
}
