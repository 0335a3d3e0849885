package manyjvm.parallel.driver;

import manyjvm.parallel.wire.Message;
import manyjvm.parallel.wire.connect.Link;

/**
 * Tells one worker what has been dealt with, whose room in its send queue it may use again. Where nobody reads the text of
 * workers, those that print are kept waiting by this, as a pipe would, rather than that text is lost, or heaped up here.
 * Confined to the driver's thread.
 */
final class Acknowledgements {
    private static final long EVERY = 128 * 1024;

    private final Driver driver;
    private boolean heldBack; // until text that was there before is shown
    private long stream;
    private long attachments;

    Acknowledgements(Driver driver) {
        this.driver = driver;
    }

    /** A message has been dealt with. */
    void dealtWith(Link link) {
        if (heldBack) {
            return;
        }
        long streamNow = link.streamBytes();
        long attachmentsNow = link.attachmentBytes();
        if (streamNow - stream >= EVERY || attachmentsNow > attachments) {
            stream = streamNow;
            attachments = attachmentsNow;
            link.send(new Message.Received(stream, attachments));
        }
    }

    /** Text has come, which may be more than its readers can follow. */
    void printed(Link link) {
        if (!heldBack && driver.sink().isBehind()) {
            heldBack = true;
            driver.sink().whenShown(driver.sink().taken(), () -> driver.loop().post(() -> {
                heldBack = false;
                dealtWith(link);
            }));
        }
    }
}
