package manyjvm.parallel.code;

import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;
import java.util.TimeZone;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What code has changed, since its start, of the JVM as a whole: the default locales, the default time zone, system
 * properties. A submission takes this along, as it takes variables.
 *
 * <p>What the options of a JVM have set is none of it: each JVM has its own, and workers get theirs from their pool. Nor are
 * the properties in which a JVM describes itself and its machine ({@code java.home}, {@code user.dir}): elsewhere they would
 * be false, and a JVM that runs does not heed them.
 *
 * @param values by key: the name of a property, {@link #LOCALES} or {@link #ZONE}; null for a property that is gone
 * @param staying what has been changed and does not travel, in words; does not travel itself
 */
public record JvmChanges(Map<String, @Nullable String> values, List<String> staying) {
    public static final JvmChanges NONE = new JvmChanges(Map.of(), List.of());

    /** No property is called so. The three tags are those of the default, of that for display, and of that for formats. */
    public static final String LOCALES = "\nlocales";

    public static final String ZONE = "\nzone";

    /** How the names begin in which a JVM describes itself. Those that are set later are settings of the JDK's libraries. */
    private static final List<String> DESCRIBING =
            List.of("java.", "jdk.", "sun.", "os.", "user.", "file.", "path.", "line.", "native.", "std");

    private static final Pattern LOCALE_OPTION =
            Pattern.compile("-Duser\\.(language|script|country|region|variant|extensions)\\b");
    private static final Pattern ZONE_OPTION = Pattern.compile("-Duser\\.timezone=");

    /** Set by the JVM itself, when it first needs its zone. */
    private static final String ZONE_PROPERTY = "user.timezone";

    private static final Map<String, String> PROPERTIES_AT_START = properties();
    private static final Locale LOCALE = locale("");
    private static final Locale DISPLAY_LOCALE = locale(".display");
    private static final Locale FORMAT_LOCALE = locale(".format");

    /** As it arrives. */
    public JvmChanges(Map<String, @Nullable String> values) {
        this(values, List.of());
    }

    /**
     * Takes the properties as they are now for those of the start. Notebooks and workers call this before the user's code
     * runs; in a plain program the first use of the library does, and what the program has set before cannot be told from
     * options.
     */
    public static void begin() {
        // The class is initialized now.
    }

    /** Whether a property was there at {@link #begin}: set by the options of this JVM, or by the JVM itself. */
    public static boolean isOfTheStart(String property) {
        return PROPERTIES_AT_START.containsKey(property);
    }

    /** All that may change: as long as the JVM has the very same objects, nothing has. */
    private record Observed(
            Properties properties,
            Object[] names,
            Object[] contents,
            Locale locale,
            Locale display,
            Locale format,
            TimeZone zone) {
        static Observed now() {
            Properties properties = System.getProperties();
            Map<Object, Object> all = new LinkedHashMap<>(properties);
            return new Observed(
                    properties,
                    all.keySet().toArray(),
                    all.values().toArray(),
                    Locale.getDefault(),
                    Locale.getDefault(Locale.Category.DISPLAY),
                    Locale.getDefault(Locale.Category.FORMAT),
                    TimeZone.getDefault());
        }

        boolean isStillSo() {
            if (System.getProperties() != properties || properties.size() != names.length) {
                return false;
            }
            for (int i = 0; i < names.length; i++) {
                if (properties.get(names[i]) != contents[i]) {
                    return false;
                }
            }
            return Locale.getDefault() == locale
                    && Locale.getDefault(Locale.Category.DISPLAY) == display
                    && Locale.getDefault(Locale.Category.FORMAT) == format
                    && TimeZone.getDefault().equals(zone);
        }
    }

    private record Found(Observed in, JvmChanges changes) {}

    private static volatile @Nullable Found latest; // null until it is first asked

    /** What differs now. Costs about a microsecond where nothing has changed since it was asked for last, else some. */
    public static JvmChanges now() {
        Found last = latest;
        if (last != null && last.in().isStillSo()) {
            return last.changes();
        }
        Observed in = Observed.now();
        JvmChanges changes = find();
        if (in.isStillSo()) { // else it may be found in none of the two
            latest = new Found(in, changes);
        }
        return changes;
    }

    private static JvmChanges find() {
        Map<String, @Nullable String> values = new TreeMap<>();
        List<String> staying = new ArrayList<>();
        Map<Object, Object> properties = System.getProperties();
        int old = 0;
        for (Map.Entry<Object, Object> property : properties.entrySet()) {
            if (property.getKey() instanceof String name && property.getValue() instanceof String value) {
                String before = PROPERTIES_AT_START.get(name);
                old += before == null ? 0 : 1;
                if (!value.equals(before)) {
                    add(name, value, values, staying);
                }
            }
        }
        if (old < PROPERTIES_AT_START.size()) {
            PROPERTIES_AT_START.keySet().stream()
                    .filter(name -> !(properties.get(name) instanceof String))
                    .forEach(name -> add(name, null, values, staying));
        }
        addLocales(values);
        addZone(values, staying);
        return values.isEmpty() && staying.isEmpty() ? NONE : new JvmChanges(values, staying);
    }

    /** Those for a JVM with these options, which are stronger. Its system properties it knows by itself. */
    public JvmChanges without(List<String> options) {
        boolean locales = values.containsKey(LOCALES) && has(options, LOCALE_OPTION);
        boolean zone = values.containsKey(ZONE) && has(options, ZONE_OPTION);
        if (!locales && !zone) {
            return this;
        }
        Map<String, @Nullable String> others = new TreeMap<>(values);
        if (locales) {
            others.remove(LOCALES);
        }
        if (zone) {
            others.remove(ZONE);
        }
        return new JvmChanges(others, staying);
    }

    private static boolean has(List<String> options, Pattern option) {
        return options.stream().anyMatch(each -> option.matcher(each).lookingAt());
    }

    private static void add(
            String name, @Nullable String value, Map<String, @Nullable String> values, List<String> staying) {
        if (name.equals(ZONE_PROPERTY)) {
            return;
        }
        if (isOfTheStart(name) && DESCRIBING.stream().anyMatch(name::startsWith)) {
            staying.add("the system property " + name);
        } else {
            values.put(name, value);
        }
    }

    private static void addLocales(Map<String, @Nullable String> values) {
        Locale locale = Locale.getDefault();
        Locale display = Locale.getDefault(Locale.Category.DISPLAY);
        Locale format = Locale.getDefault(Locale.Category.FORMAT);
        if (!locale.equals(LOCALE) || !display.equals(DISPLAY_LOCALE) || !format.equals(FORMAT_LOCALE)) {
            values.put(LOCALES, locales(locale, display, format));
        }
    }

    private static void addZone(Map<String, @Nullable String> values, List<String> staying) {
        String own = OwnZone.NAME; // first
        TimeZone zone = TimeZone.getDefault();
        String name = zone.getID(); // null for a class of the user's that was given none
        if (name == null) {
            staying.add("the default time zone, which has no name,");
        } else if (name.equals(own)) {
            return;
        } else if (TimeZone.getTimeZone(name).hasSameRules(zone)) {
            values.put(ZONE, name);
        } else {
            staying.add("the default time zone " + name + ", whose rules the JDK does not know,");
        }
    }

    /** Looked for when it is first needed, which costs some milliseconds. */
    private static final class OwnZone {
        /** The zone that this JVM has of itself; empty where code may have had its hand in that already. */
        static final String NAME = name();

        private static String name() {
            String option = PROPERTIES_AT_START.getOrDefault(ZONE_PROPERTY, "");
            if (!option.isEmpty()) {
                return option;
            }
            boolean unknown = !System.getProperty(ZONE_PROPERTY, "").isEmpty();
            String name = TimeZone.getDefault().getID();
            // A JVM that looks for its zone sets the property; code that has set the zone has kept it from looking.
            return !unknown && System.getProperty(ZONE_PROPERTY, "").equals(name) ? name : "";
        }
    }

    private static Map<String, String> properties() {
        Map<String, String> values = new HashMap<>();
        System.getProperties().forEach((name, value) -> {
            if (name instanceof String text && value instanceof String content) {
                values.put(text, content);
            }
        });
        return Collections.unmodifiableMap(values);
    }

    private static String start(String part, String category) {
        return Optional.ofNullable(PROPERTIES_AT_START.get("user." + part + category))
                .orElse(category.isEmpty() ? "" : start(part, ""));
    }

    private static Locale locale(String category) {
        return new Locale(start("language", category), start("country", category), start("variant", category));
    }

    // ---- locales as text --------------------------------------------------------------------------------------------

    /** The default locales as they are now. */
    public static String locales() {
        return locales(
                Locale.getDefault(),
                Locale.getDefault(Locale.Category.DISPLAY),
                Locale.getDefault(Locale.Category.FORMAT));
    }

    private static String locales(Locale locale, Locale display, Locale format) {
        return text(locale) + '/' + text(display) + '/' + text(format);
    }

    /** Language tags cannot tell all locales: those that they cannot are given by their parts. */
    private static String text(Locale locale) {
        String tag = locale.toLanguageTag();
        return Locale.forLanguageTag(tag).equals(locale)
                ? tag
                : locale.getLanguage() + '_' + locale.getCountry() + '_' + locale.getVariant();
    }

    /** Makes the locales of such a text the defaults. */
    public static void setLocales(String text) {
        String[] texts = text.split("/");
        Locale.setDefault(locale(texts, 0));
        Locale.setDefault(Locale.Category.DISPLAY, locale(texts, 1));
        Locale.setDefault(Locale.Category.FORMAT, locale(texts, 2));
    }

    private static Locale locale(String[] texts, int index) {
        String[] parts = texts[index].split("_", 3);
        return parts.length == 3 ? new Locale(parts[0], parts[1], parts[2]) : Locale.forLanguageTag(texts[index]);
    }
}
