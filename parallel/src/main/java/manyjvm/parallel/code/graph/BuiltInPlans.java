package manyjvm.parallel.code.graph;

import java.lang.reflect.Proxy;
import manyjvm.parallel.base.Shared;
import manyjvm.parallel.bytes.HandleForm;
import org.jspecify.annotations.Nullable;

/** How what the format itself knows travels: arrays, classes, enums, containers, lambdas, proxies, shared objects. */
final class BuiltInPlans {
    private BuiltInPlans() {}

    static final class SharedPlan extends GraphPlan {
        SharedPlan(Class<?> type) {
            super(type);
        }

        @Override
        void write(GraphWriter writer, Object object) {
            Shared.Handle handle = ((Shared) object).handle();
            writer.start(object, GraphFormat.SHARED);
            HandleForm.write(writer.output(), handle);
            writer.addShared((Shared) object);
        }
    }

    static final class PrimitiveArrayPlan extends GraphPlan {
        PrimitiveArrayPlan(Class<?> type) {
            super(type);
        }

        @Override
        void write(GraphWriter writer, Object object) {
            writer.writePrimitiveArray(object);
        }
    }

    static final class ArrayPlan extends GraphPlan {
        ArrayPlan(Class<?> type) {
            super(type);
        }

        @Override
        void write(GraphWriter writer, Object object) {
            @Nullable Object[] elements = (@Nullable Object[]) object;
            writer.start(object, GraphFormat.OBJECT_ARRAY);
            writer.writeClass(type.getComponentType());
            writer.output().writeUnsigned(elements.length);
            writer.open(this, object, elements, false);
        }
    }

    static final class ClassPlan extends GraphPlan {
        ClassPlan(Class<?> type) {
            super(type);
        }

        @Override
        void write(GraphWriter writer, Object object) {
            Class<?> value = (Class<?>) object;
            if (value.isHidden()) {
                throw new Refused("is the class of a lambda", "send the lambda itself", null);
            }
            writer.start(object, GraphFormat.CLASS);
            writer.writeClass(value);
        }
    }

    static final class EnumPlan extends GraphPlan {
        EnumPlan(Class<?> type) {
            super(type);
        }

        @Override
        void write(GraphWriter writer, Object object) {
            Enum<?> constant = (Enum<?>) object;
            writer.start(object, GraphFormat.ENUM);
            // A constant with a body has a class of its own, which valueOf does not know.
            writer.writeClass(constant.getDeclaringClass());
            writer.output().writeString(constant.name());
        }
    }

    static final class ContainerPlan extends GraphPlan {
        private final GraphContainer container;
        private final boolean last; // of all kinds that its instances may be

        ContainerPlan(Class<?> type, GraphContainer container) {
            super(type);
            this.container = container;
            this.last = container.shell(new Object[0]) == null;
        }

        @Override
        void write(GraphWriter writer, Object object) {
            @Nullable Object[] parts = container.parts(object);
            GraphContainer kind = container.forInstance(object, parts);
            writer.start(object, GraphFormat.CONTAINER);
            writer.output().writeUnsigned(kind.ordinal());
            writer.output().writeUnsigned(parts.length);
            writer.open(this, object, parts, last);
        }

        @Override
        String step(Object owner, @Nullable Object[] parts, int index) {
            return container.step(parts, index);
        }
    }

    static final class LambdaPlan extends GraphPlan {
        LambdaPlan(Class<?> type) {
            super(type);
        }

        @Override
        void write(GraphWriter writer, Object object) {
            writer.writeLambda(this, object);
        }

        @Override
        String step(Object owner, @Nullable Object[] parts, int index) {
            return " (its captured value" + (parts.length == 1 ? ")" : " " + (index + 1) + ")");
        }

        /** The class that the lambda stands in. */
        @Override
        Class<?> holder(int index, int @Nullable [] ends) {
            return type.getNestHost();
        }
    }

    static final class ProxyPlan extends GraphPlan {
        ProxyPlan(Class<?> type) {
            super(type);
        }

        @Override
        void write(GraphWriter writer, Object object) {
            Class<?>[] interfaces = type.getInterfaces();
            writer.start(object, GraphFormat.PROXY);
            writer.output().writeUnsigned(interfaces.length);
            for (Class<?> one : interfaces) {
                writer.writeClass(one);
            }
            writer.open(this, object, new Object[] {Proxy.getInvocationHandler(object)}, true);
        }

        @Override
        String step(Object owner, @Nullable Object[] parts, int index) {
            return ".getInvocationHandler()";
        }
    }
}
