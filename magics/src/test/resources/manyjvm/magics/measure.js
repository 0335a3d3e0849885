// Loads each page or picture of a list into a frame of each width, opens what is folded, and writes what does not look right, a line
// each, into the element "found"; the last line says how many boxes it has measured. Runs in a page of its own beside the others.

const pixel = 1.5; // rounding of boxes

// What https://www.w3.org/TR/WCAG21 asks for: of text (1.4.3), and of what must be seen to understand a picture (1.4.11).
const contrastOfText = 4.5;
const contrastOfShapes = 3;

function colour(text, opacity) {
    const [red, green, blue, alpha = 1] = (text.match(/[\d.]+/g) || [0, 0, 0, 0]).map(Number);
    return [red, green, blue, alpha * opacity];
}

function over(top, below) {
    return [0, 1, 2].map((i) => top[i] * top[3] + below[i] * (1 - top[3])).concat(1);
}

function luminance(rgb) {
    const [red, green, blue] = rgb.slice(0, 3).map((value) => value / 255)
        .map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4));
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one, other) {
    const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b);
    return (light + 0.05) / (dark + 0.05);
}

function opacity(element, view) {
    let product = 1;
    for (let at = element; at !== null && at.nodeType === 1; at = at.parentElement) {
        product *= Number(view.getComputedStyle(at).opacity);
    }
    return product;
}

// Of an element of HTML, or of the page around a picture.
function background(element, view) {
    const layers = [];
    for (let at = element; at !== null; at = at.parentElement) {
        const layer = colour(view.getComputedStyle(at).backgroundColor, 1);
        layers.push(layer);
        if (layer[3] === 1) {
            break;
        }
    }
    return layers.reverse().reduce((below, layer) => over(layer, below), [255, 255, 255, 1]);
}

function isOneSign(text) {
    return /^[^\p{L}\p{N}]$/u.test(text);
}

// Tells what can hardly be seen of the text outside of pictures; gives how many texts it has looked at.
function measureTexts(root, view, tell) {
    let texts = 0;
    for (const element of [root, ...root.querySelectorAll("*")]) {
        const text = [...element.childNodes].filter((node) => node.nodeType === 3).map((node) => node.data).join("").trim();
        if (text === "" || element.closest("svg") !== null || element.getClientRects().length === 0 || element.tagName === "STYLE") {
            continue;
        }
        texts++;
        const ground = background(element, view);
        const ratio = contrast(over(colour(view.getComputedStyle(element).color, opacity(element, view)), ground), ground);
        if (ratio < (isOneSign(text) ? contrastOfShapes : contrastOfText)) {
            tell(element, `has a contrast of ${ratio.toFixed(2)}`);
        }
    }
    return texts;
}

// The same of a picture, and of its shapes; what is hidden from those who cannot see is decoration.
function measurePicture(svg, view, tell) {
    const sheet = svg.querySelector(":scope > .manyjvm-paper");
    const page = sheet === null
        ? background(svg.parentElement, view)
        : over(colour(view.getComputedStyle(sheet).fill, 1), [255, 255, 255, 1]);
    const below = []; // what has been drawn before
    let shapes = 0;
    for (const element of svg.querySelectorAll("rect, path, circle, line, text")) {
        const box = element.getBoundingClientRect();
        if (element === sheet || element.closest("defs") !== null || box.width + box.height === 0) {
            continue;
        }
        const style = view.getComputedStyle(element);
        const through = opacity(element, view);
        const fill = /^rgb/.test(style.fill) && element.tagName !== "line"
            ? over(colour(style.fill, through * Number(style.fillOpacity)), page)
            : page;
        if (element.tagName === "text") {
            const middle = [(box.left + box.right) / 2, (box.top + box.bottom) / 2];
            const ground = below.filter((each) => each.box.left <= middle[0] && middle[0] <= each.box.right
                && each.box.top <= middle[1] && middle[1] <= each.box.bottom).pop()?.fill || page;
            const ratio = contrast(over(colour(style.fill, through * Number(style.fillOpacity)), ground), ground);
            if (ratio < contrastOfText) {
                tell(element, `has a contrast of ${ratio.toFixed(2)}`);
            }
            continue;
        }
        below.push({ box, fill });
        if (element.getAttribute("aria-hidden") === "true") {
            continue;
        }
        shapes++;
        const edge = style.stroke === "none"
            ? page
            : over(colour(style.stroke, through * Number(style.strokeOpacity)), page);
        const ratio = Math.max(contrast(fill, page), contrast(edge, page));
        if (ratio < contrastOfShapes) {
            tell(element, `has a contrast of ${ratio.toFixed(2)}`);
        }
    }
    return shapes;
}

function measured(page, width, doc) {
    const view = doc.defaultView;
    const found = [];
    let boxes = 0;
    for (const details of doc.querySelectorAll("details")) {
        details.open = true;
    }
    const cells = [...doc.querySelectorAll(".jp-Cell")];
    const tell = (element, what) => {
        const cell = element.closest(".jp-Cell");
        const text = (element.textContent || "").trim().replace(/\s+/g, " ").slice(0, 60);
        found.push(`${page} at ${width} px, cell ${cells.indexOf(cell) + 1}, <${element.tagName.toLowerCase()}> "${text}": ${what}`);
    };

    const root = doc.documentElement;
    if (doc.body && root.scrollWidth > root.clientWidth + pixel) { // a picture by itself has its own width
        tell(doc.body, `the page is ${root.scrollWidth} px wide`);
    }

    let bottom = 0;
    for (const cell of cells) {
        const box = cell.getBoundingClientRect();
        if (box.top < bottom - pixel) {
            tell(cell, `begins ${Math.round(bottom - box.top)} px above the end of the cell before`);
        }
        bottom = box.bottom;
    }

    for (const element of !doc.body ? [] : doc.body.querySelectorAll("*")) {
        const box = element.getBoundingClientRect();
        if (box.width === 0 || box.height === 0 || element.closest("svg")) {
            continue;
        }
        boxes++;
        const style = view.getComputedStyle(element);
        const wide = element.scrollWidth > element.clientWidth + pixel && element.clientWidth > 0;
        const high = element.scrollHeight > element.clientHeight + pixel && element.clientHeight > 0;
        // Long lines of code are cut off by nbconvert's pages on narrow screens, and scrolled by Jupyter.
        const code = element.closest(".jp-InputArea") !== null && element.closest(".jp-MarkdownCell") === null;
        if (code && width < 1000) {
            continue;
        }
        if ((wide && /hidden|clip/.test(style.overflowX)) || (high && /hidden|clip/.test(style.overflowY))) {
            tell(element, "is cut off");
        }
        // A table on a narrow screen may be scrolled in a box of its own, which is itself on the page.
        const scrolledTable = width < 1000 && element.querySelector(":scope > table") !== null
            && box.left > -pixel && box.right < root.clientWidth + pixel;
        if (wide && /auto|scroll/.test(style.overflowX) && element !== root && element !== doc.body && !scrolledTable) {
            tell(element, `shows ${element.clientWidth} of ${element.scrollWidth} px until it is scrolled`);
        }
        // A drawing of characters whose lines are broken is none any more.
        if (element.tagName === "PRE" && element.closest(".jp-MarkdownCell") !== null) {
            const lines = element.textContent.trimEnd().split("\n").length;
            const inner = box.height - parseFloat(style.paddingTop) - parseFloat(style.paddingBottom);
            if (inner > (lines + 0.5) * parseFloat(style.lineHeight)) {
                tell(element, "has lines that are broken");
            }
        }
        if (element.tagName === "IMG" && element.naturalWidth === 0) {
            tell(element, "is a picture that cannot be read");
        }
    }

    for (const svg of doc.querySelectorAll("svg")) {
        const frame = svg.getBoundingClientRect();
        const texts = [...svg.querySelectorAll("text")].filter((text) => text.getBoundingClientRect().width > 0);
        texts.forEach((text, index) => {
            boxes++;
            const box = text.getBoundingClientRect();
            if (box.left < frame.left - pixel || box.right > frame.right + pixel
                || box.top < frame.top - pixel || box.bottom > frame.bottom + pixel) {
                tell(text, "is outside of its picture");
            }
            for (const other of texts.slice(index + 1)) {
                const next = other.getBoundingClientRect();
                const across = Math.min(box.right, next.right) - Math.max(box.left, next.left);
                const down = Math.min(box.bottom, next.bottom) - Math.max(box.top, next.top);
                if (across > pixel && down > box.height / 3) {
                    tell(text, `overlaps "${other.textContent.trim()}"`);
                }
            }
        });
    }
    for (const output of doc.querySelectorAll(".jp-OutputArea-output.jp-RenderedHTMLCommon, .picture")) {
        boxes += measureTexts(output, view, tell);
    }
    for (const svg of doc.querySelectorAll("svg")) {
        if (svg.ownerSVGElement === null && svg.getClientRects().length > 0) {
            boxes += measurePicture(svg, view, tell);
        }
    }
    return { found, boxes };
}

function load(frame, page, width) {
    return new Promise((loaded) => {
        frame.width = width;
        frame.height = 900;
        frame.onload = () => loaded(frame.contentDocument);
        frame.src = page;
    });
}

async function measureAll(pages, widths) {
    const lines = [];
    let boxes = 0;
    for (const page of pages) {
        for (const width of widths) {
            const frame = document.createElement("iframe");
            frame.style.border = "none";
            document.body.append(frame);
            const result = measured(page, width, await load(frame, page, width));
            lines.push(...result.found);
            boxes += result.boxes;
            frame.remove();
        }
    }
    lines.push(`measured ${boxes} boxes`);
    document.getElementById("found").textContent = lines.join("\n");
}
