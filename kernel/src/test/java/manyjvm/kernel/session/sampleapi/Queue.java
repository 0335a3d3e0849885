package manyjvm.kernel.session.sampleapi;

public final class Queue {
    public String origin() {
        return "sample api";
    }
}
