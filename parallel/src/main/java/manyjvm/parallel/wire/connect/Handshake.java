package manyjvm.parallel.wire.connect;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/**
 * Proofs of knowing a worker's secret, both ways, over both nonces and the worker's number.
 *
 * <p>HMAC-SHA256 (RFC 2104) on the JDK's bare digest: {@code javax.crypto.Mac} would load the whole crypto framework at each
 * worker's start.
 */
final class Handshake {
    static final int SECRET_BYTES = 32;
    static final int NONCE_BYTES = 16;
    private static final int BLOCK = 64;

    private Handshake() {}

    static byte[] driverProof(byte[] secret, int worker, byte[] workerNonce, byte[] driverNonce) {
        return proof("driver", secret, worker, workerNonce, driverNonce);
    }

    static byte[] workerProof(byte[] secret, int worker, byte[] workerNonce, byte[] driverNonce) {
        return proof("worker", secret, worker, workerNonce, driverNonce);
    }

    static boolean matches(byte[] expected, byte[] given) {
        return MessageDigest.isEqual(expected, given);
    }

    private static byte[] proof(String role, byte[] secret, int worker, byte[] workerNonce, byte[] driverNonce) {
        byte[] roleBytes = role.getBytes(StandardCharsets.UTF_8);
        ByteBuffer text = ByteBuffer.allocate(roleBytes.length + 4 + workerNonce.length + driverNonce.length);
        text.put(roleBytes).putInt(worker).put(workerNonce).put(driverNonce);
        return hmac(secret, text.array());
    }

    static byte[] hmac(byte[] secret, byte[] text) {
        byte[] inner = new byte[BLOCK];
        byte[] outer = new byte[BLOCK];
        for (int i = 0; i < BLOCK; i++) {
            byte key = i < secret.length ? secret[i] : 0;
            inner[i] = (byte) (key ^ 0x36);
            outer[i] = (byte) (key ^ 0x5c);
        }
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every JDK has SHA-256", impossible);
        }
        digest.update(inner);
        byte[] innerHash = digest.digest(text);
        digest.update(outer);
        return digest.digest(innerHash);
    }
}
