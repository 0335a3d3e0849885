package manyjvm.maven;

import manyjvm.kernel.spi.LibraryResolver.Transfers;
import org.eclipse.aether.transfer.AbstractTransferListener;
import org.eclipse.aether.transfer.TransferCancelledException;
import org.eclipse.aether.transfer.TransferEvent;

/** Tells of downloads, and ends them when nobody waits any more. Called by the threads that download. */
final class Downloads extends AbstractTransferListener {
    private final Transfers transfers;

    Downloads(Transfers transfers) {
        this.transfers = transfers;
    }

    @Override
    public void transferInitiated(TransferEvent event) throws TransferCancelledException {
        tell(event);
    }

    @Override
    public void transferStarted(TransferEvent event) throws TransferCancelledException {
        tell(event);
    }

    @Override
    public void transferProgressed(TransferEvent event) throws TransferCancelledException {
        tell(event);
    }

    @Override
    public void transferSucceeded(TransferEvent event) {
        transfers.ended(file(event));
    }

    @Override
    public void transferFailed(TransferEvent event) {
        transfers.ended(file(event));
    }

    private void tell(TransferEvent event) throws TransferCancelledException {
        if (transfers.cancelled()) {
            throw new TransferCancelledException("nobody waits for it any more");
        }
        transfers.progressed(
                file(event),
                event.getResource().getRepositoryUrl(),
                event.getTransferredBytes(),
                event.getResource().getContentLength());
    }

    private static String file(TransferEvent event) {
        String name = event.getResource().getResourceName();
        return name.substring(name.lastIndexOf('/') + 1);
    }
}
