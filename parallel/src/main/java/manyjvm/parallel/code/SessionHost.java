package manyjvm.parallel.code;

import manyjvm.parallel.base.Shared;
import manyjvm.parallel.code.graph.ObjectCodec;

/** What a codec asks of a session. */
class SessionHost implements ObjectCodec.Host {
    private final Session session;

    SessionHost(Session session) {
        this.session = session;
    }

    @Override
    public Class<?> find(String binaryName) throws ClassNotFoundException {
        return session.source.find(binaryName);
    }

    @Override
    public ClassLoader loader() {
        return session.source.loader();
    }

    @Override
    public boolean isSessionClass(Class<?> type) {
        return session.isSessionClass(type);
    }

    @Override
    public boolean isLibrary(Class<?> type) {
        return session.source.isLibrary(type);
    }

    @Override
    public Object link(Shared.Handle handle) {
        return session.linker.link(handle);
    }

    @Override
    public Object blob(String hash) {
        throw new IllegalStateException("a worker's answer refers to a blob, which only submissions do"
                + "; this is a fault of manyjvm, please report it");
    }
}
