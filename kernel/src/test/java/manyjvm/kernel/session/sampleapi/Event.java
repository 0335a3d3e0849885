package manyjvm.kernel.session.sampleapi;

public final class Event {
    public boolean isSet() {
        return false;
    }
}
