// Loads each page of a list into a frame of each width, opens what is folded, and writes what does not look right, a line each,
// into the element "found"; the last line says how many boxes it has measured. Runs in a page of its own beside the others.

const pixel = 1.5; // rounding of boxes

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
    if (root.scrollWidth > root.clientWidth + pixel) {
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

    for (const element of doc.body.querySelectorAll("*")) {
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
