package manyjvm.parallel.code;

import java.util.AbstractList;
import java.util.List;

/** References to classes that keep the class files here, as long as the list lives. */
final class BundleClasses extends AbstractList<Bundle.ClassReference> {
    private final List<ShippedClass> classes;

    BundleClasses(List<ShippedClass> classes) {
        this.classes = classes;
    }

    @Override
    public Bundle.ClassReference get(int index) {
        return classes.get(index).reference();
    }

    @Override
    public int size() {
        return classes.size();
    }
}
