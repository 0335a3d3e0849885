package manyjvm.parallel.base;

/**
 * An object that is one and the same in all JVMs of a driver (a queue, a lock, a value in shared memory). It travels as its
 * handle, and is linked again in the JVM that receives it.
 */
public interface Shared {
    Handle handle();

    /**
     * @param kind the implementing class's short name, {@code Queue}
     * @param id unique in the driver that hosts the object
     * @param detail what else is needed to link it, in the kind's own words; may be empty
     */
    record Handle(String kind, long id, String detail) {
        /** What messages call the object: {@code Queue 7}. */
        public String name() {
            return kind + " " + id;
        }
    }

    /** Gives the object of a handle in this JVM: the same object each time while it is in use. */
    @FunctionalInterface
    interface Linker {
        Object link(Handle handle);
    }
}
