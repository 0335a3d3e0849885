package manyjvm.bench;

import java.util.Locale;

/** Numbers as people read them. */
final class Words {
    private Words() {}

    /** With about three digits. */
    static String number(double value) {
        double size = Math.abs(value);
        String form = size >= 100 ? "%,.0f" : size >= 10 ? "%.1f" : "%.2f";
        return String.format(Locale.ROOT, form, value);
    }
}
