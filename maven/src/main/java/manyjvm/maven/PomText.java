package manyjvm.maven;

import java.io.IOException;
import java.io.StringReader;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.xml.XMLConstants;
import javax.xml.parsers.DocumentBuilder;
import javax.xml.parsers.DocumentBuilderFactory;
import javax.xml.parsers.ParserConfigurationException;
import javax.xml.transform.TransformerException;
import javax.xml.transform.TransformerFactory;
import javax.xml.transform.dom.DOMSource;
import javax.xml.transform.stream.StreamResult;
import manyjvm.kernel.spi.Magic.MagicUsageException;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.Node;
import org.xml.sax.ErrorHandler;
import org.xml.sax.InputSource;
import org.xml.sax.SAXException;
import org.xml.sax.SAXParseException;

/** Makes a whole pom of the parts of one that people paste. */
final class PomText {
    /** What stands alone, and where it belongs. */
    private static final Map<String, String> PARTS =
            Map.of("dependency", "dependencies", "repository", "repositories", "profile", "profiles");

    private static final Set<String> WHOLE = Set.of(
            "dependencies",
            "repositories",
            "dependencyManagement",
            "properties",
            "parent",
            "profiles",
            "modelVersion",
            "groupId",
            "artifactId",
            "version",
            "name",
            "description",
            "packaging",
            "build",
            "pluginRepositories");

    private PomText() {}

    /** @throws MagicUsageException when this is no XML, or not of a pom */
    static String whole(String xml) throws MagicUsageException {
        // On the first line, so that lines are counted as they stand.
        String body = xml.strip().replaceFirst("(?s)^<\\?xml.*?\\?>", "");
        Document read = parse("<parts>" + body + "</parts>");
        Element parts = read.getDocumentElement();
        List<Element> top = children(parts);
        if (top.size() == 1 && top.get(0).getTagName().equals("project")) {
            return body;
        }
        Document made = builder().newDocument();
        Element project = made.createElement("project");
        made.appendChild(project);
        project.appendChild(element(made, "modelVersion", "4.0.0"));
        for (Element part : top) {
            add(made, project, part);
        }
        Map.of("groupId", "notebook", "artifactId", "notebook", "version", "1").forEach((name, value) -> {
            if (child(project, name).isEmpty()) {
                project.appendChild(element(made, name, value));
            }
        });
        return text(made);
    }

    /** What a pom says of its parent: group, artifact, and the path of its file from the pom's folder. */
    record Parent(String group, String artifact, String path) {}

    /** The parent of a whole pom, if it has one. */
    static Optional<Parent> parent(String xml) throws MagicUsageException {
        return child(parse(xml).getDocumentElement(), "parent")
                .map(parent -> new Parent(
                        text(parent, "groupId", ""),
                        text(parent, "artifactId", ""),
                        text(parent, "relativePath", "../pom.xml")));
    }

    private static Optional<Element> child(Element parent, String name) {
        return children(parent).stream()
                .filter(one -> one.getTagName().equals(name))
                .findFirst();
    }

    private static String text(Element parent, String name, String otherwise) {
        return child(parent, name).map(one -> one.getTextContent().strip()).orElse(otherwise);
    }

    private static void add(Document made, Element project, Element part) throws MagicUsageException {
        String name = part.getTagName();
        String group = PARTS.get(name);
        if (group != null) {
            group(made, project, group).appendChild(made.importNode(part, true));
        } else if (name.equals("modelVersion")) {
            return;
        } else if (PARTS.containsValue(name)) {
            for (Element one : children(part)) {
                group(made, project, name).appendChild(made.importNode(one, true));
            }
        } else if (WHOLE.contains(name)) {
            project.appendChild(made.importNode(part, true));
        } else {
            throw new MagicUsageException("<" + name
                    + "> is no part of a pom that %%loadFromPOM knows: give a <project>, or <dependency>, <repository>, "
                    + "<dependencyManagement>, <properties>, <parent>");
        }
    }

    private static Element group(Document made, Element project, String name) {
        return child(project, name).orElseGet(() -> (Element) project.appendChild(made.createElement(name)));
    }

    private static Element element(Document made, String name, String value) {
        Element element = made.createElement(name);
        element.setTextContent(value);
        return element;
    }

    private static List<Element> children(Element parent) {
        List<Element> found = new ArrayList<>();
        for (Node at = parent.getFirstChild(); at != null; at = at.getNextSibling()) {
            if (at instanceof Element element) {
                found.add(element);
            }
        }
        return found;
    }

    private static Document parse(String xml) throws MagicUsageException {
        try {
            DocumentBuilder builder = builder();
            builder.setErrorHandler(new Strict());
            return builder.parse(new InputSource(new StringReader(xml)));
        } catch (SAXParseException malformed) {
            throw new MagicUsageException(
                    "this is no XML: line " + malformed.getLineNumber() + ": " + malformed.getMessage());
        } catch (SAXException | IOException malformed) {
            throw new MagicUsageException("this is no XML: " + malformed.getMessage());
        }
    }

    private static DocumentBuilder builder() {
        try {
            DocumentBuilderFactory factory = DocumentBuilderFactory.newInstance();
            factory.setFeature(XMLConstants.FEATURE_SECURE_PROCESSING, true);
            factory.setFeature("http://apache.org/xml/features/disallow-doctype-decl", true);
            return factory.newDocumentBuilder();
        } catch (ParserConfigurationException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    private static String text(Document document) {
        try {
            StringWriter out = new StringWriter();
            TransformerFactory.newInstance().newTransformer().transform(new DOMSource(document), new StreamResult(out));
            return out.toString();
        } catch (TransformerException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    /** The stock one writes to standard error, which is a cell's. */
    private static final class Strict implements ErrorHandler {
        @Override
        public void warning(SAXParseException exception) {
            // Nothing is wrong.
        }

        @Override
        public void error(SAXParseException exception) throws SAXParseException {
            throw exception;
        }

        @Override
        public void fatalError(SAXParseException exception) throws SAXParseException {
            throw exception;
        }
    }
}
