package manyjvm.kernel.session.names;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReader;
import java.lang.module.ModuleReference;
import java.lang.reflect.Modifier;
import java.nio.file.FileVisitOption;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.function.Supplier;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import manyjvm.kernel.session.execution.SessionLoader;

/**
 * All types that an import could name: those that the JDK exports, and those of the jars and folders that cells have added. Made when first
 * asked for, which takes some tenths of a second. Owned by the holder of the session's lock.
 */
public final class KnownTypes {
    private static final Logger LOGGER = Logger.getLogger("manyjvm.kernel");

    /** In a folder, classes deeper than this are not looked for. */
    private static final int DEEPEST = 20;

    /** Has names of every day for parts of class files, which few cells read. */
    private static final String CLASS_FILES = "java.lang.classfile.";

    private final SessionLoader loader;
    private final Supplier<List<Path>> userClassPath;
    private final TreeMap<String, List<Type>> ofTheJdk = new TreeMap<>();
    private final Map<Path, TreeMap<String, List<Type>>> ofUser = new HashMap<>();
    private final Set<String> offered = new HashSet<>();

    /** Where a type is from, the one that is likelier to be meant first. */
    private enum Origin {
        BASE,
        USER,
        JAVA,
        OTHER
    }

    private record Type(String name, Origin origin) {}

    public KnownTypes(SessionLoader loader, Supplier<List<Path>> userClassPath) {
        this.loader = loader;
        this.userClassPath = userClassPath;
    }

    /**
     * What a simple name means that no import in force gives a meaning: the one public type of that name in the module
     * {@code java.base} and in the user's jars. Where there is none, that in the other packages {@code java} and {@code javax}, or else
     * that in the rest of the JDK, if completion has offered it: {@code Point} or {@code Node} is most likely a type of the user's own,
     * whose cell has not run. Empty where two could be meant.
     */
    public Optional<String> meant(String simpleName) {
        return one(simpleName)
                .filter(type ->
                        type.origin() == Origin.BASE || type.origin() == Origin.USER || offered.contains(type.name()))
                .map(Type::name);
    }

    /** Whether completion has offered this very type: a name that no import gives a meaning then means it. */
    public boolean isOffered(String name) {
        return offered.contains(name);
    }

    private Optional<Type> one(String simpleName) {
        List<Type> all = types(simpleName).filter(this::isPublic).toList();
        for (Set<Origin> origins :
                List.of(Set.of(Origin.BASE, Origin.USER), Set.of(Origin.JAVA), Set.of(Origin.OTHER))) {
            List<Type> here =
                    all.stream().filter(type -> origins.contains(type.origin())).toList();
            if (!here.isEmpty()) {
                return here.size() == 1 ? Optional.of(here.get(0)) : Optional.empty();
            }
        }
        return Optional.empty();
    }

    /**
     * A type that goes on with a beginning.
     *
     * @param text its simple name where that is enough, else its whole name
     */
    public record Offer(String text, String name) {}

    /** The types whose simple names begin so, at most so many. */
    public List<Offer> offers(String beginning, Predicate<String> isKnown, int most) {
        Set<String> simpleNames = new HashSet<>();
        allTypes()
                .forEach(types -> simpleNames.addAll(
                        types.subMap(beginning, beginning + Character.MAX_VALUE).keySet()));
        List<Offer> offers = new ArrayList<>();
        for (String simpleName : simpleNames.stream().sorted().toList()) {
            if (offers.size() >= most) {
                break;
            }
            if (isKnown.test(simpleName)) {
                continue;
            }
            Optional<Type> one = one(simpleName);
            if (one.isPresent()) {
                offered.add(one.get().name());
                offers.add(new Offer(simpleName, one.get().name()));
            } else {
                types(simpleName)
                        .filter(this::isPublic)
                        .forEach(type -> offers.add(new Offer(type.name(), type.name())));
            }
        }
        return offers;
    }

    private Stream<Type> types(String simpleName) {
        return allTypes().flatMap(types -> types.getOrDefault(simpleName, List.of()).stream());
    }

    private boolean isPublic(Type type) {
        try {
            return Modifier.isPublic(Class.forName(type.name(), false, loader).getModifiers());
        } catch (ClassNotFoundException | LinkageError none) {
            return false; // of a library that is not whole
        }
    }

    private Stream<TreeMap<String, List<Type>>> allTypes() {
        if (ofTheJdk.isEmpty()) {
            ModuleFinder.ofSystem().findAll().forEach(this::addModule);
        }
        return Stream.concat(
                Stream.of(ofTheJdk),
                userClassPath.get().stream().map(path -> ofUser.computeIfAbsent(path, KnownTypes::ofJarOrFolder)));
    }

    private void addModule(ModuleReference module) {
        Set<String> exported = module.descriptor().exports().stream()
                .filter(one -> !one.isQualified())
                .map(ModuleDescriptor.Exports::source)
                .collect(Collectors.toSet());
        boolean isBase = module.descriptor().name().equals("java.base");
        try (ModuleReader reader = module.open();
                Stream<String> files = reader.list()) {
            files.forEach(file -> className(file).ifPresent(name -> {
                if (exported.contains(name.substring(0, Math.max(0, name.lastIndexOf('.'))))) {
                    boolean java = name.startsWith("java.") || name.startsWith("javax.");
                    add(
                            ofTheJdk,
                            new Type(
                                    name,
                                    isBase && !name.startsWith(CLASS_FILES)
                                            ? Origin.BASE
                                            : java ? Origin.JAVA : Origin.OTHER));
                }
            }));
        } catch (IOException unreadable) {
            LOGGER.log(Level.INFO, "The types of " + module + " cannot be listed", unreadable);
        }
    }

    private static TreeMap<String, List<Type>> ofJarOrFolder(Path path) {
        TreeMap<String, List<Type>> types = new TreeMap<>();
        try {
            if (Files.isDirectory(path)) {
                try (Stream<Path> files = Files.walk(path, DEEPEST, FileVisitOption.FOLLOW_LINKS)) {
                    files.map(file -> path.relativize(file).toString().replace('\\', '/'))
                            .forEach(
                                    file -> className(file).ifPresent(name -> add(types, new Type(name, Origin.USER))));
                }
            } else {
                try (ZipFile jar = new ZipFile(path.toFile())) {
                    jar.stream().forEach(entry -> className(entry.getName())
                            .ifPresent(name -> add(types, new Type(name, Origin.USER))));
                }
            }
        } catch (IOException | UncheckedIOException unreadable) {
            LOGGER.log(Level.INFO, "The types in " + path + " cannot be listed", unreadable);
        }
        return types;
    }

    private static void add(TreeMap<String, List<Type>> types, Type type) {
        String simpleName = type.name().substring(type.name().lastIndexOf('.') + 1);
        types.computeIfAbsent(simpleName, any -> new ArrayList<>(1)).add(type);
    }

    /** Of a class file in a package, of a class that is no member of another. */
    private static Optional<String> className(String file) {
        return file.endsWith(".class")
                        && file.indexOf('/') > 0
                        && file.indexOf('$') < 0
                        && file.indexOf('-') < 0
                        && !file.startsWith("META-INF/")
                ? Optional.of(
                        file.substring(0, file.length() - ".class".length()).replace('/', '.'))
                : Optional.empty();
    }
}
