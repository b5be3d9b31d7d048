// Corrections of Azurite, which Node.js loads before it (`--require`; see azurite.py).
//
// Every job of a workspace has a container of its own, and in each the same two names: inputData and
// outputData. Azurite 3.37 and those before it were not made for thousands of blobs of one name.
"use strict";

const fs = require("node:fs");
const path = require("node:path");
const { createRequire } = require("node:module");
const { setImmediate: turn } = require("node:timers/promises");

/** Keeps garbage collection from taking contents that are in use for unused ones. */
function collectOnlyWhatIsUnused(BlobMetadata, ExtentMetadata) {
  // It reads the blobs in pages of 5,000 and begins the next page behind the last name, which leaves
  // out the other blobs of that name. So: all of them in one page.
  const { listAllBlobs } = BlobMetadata.prototype;
  BlobMetadata.prototype.listAllBlobs = function (_most, ...rest) {
    return listAllBlobs.call(this, Infinity, ...rest);
  };

  // What was written less than ten minutes ago may belong to a request that is under way. Azurite
  // means to spare it, but asks for a field that new contents do not have.
  const { listExtents } = ExtentMetadata.prototype;
  ExtentMetadata.prototype.listExtents = async function (id, most, marker, now, spared = 0) {
    const [found, next] = await listExtents.call(this, id, most, marker);
    const before = now === undefined ? Infinity : now.getTime() - spared;
    const written = (extent) => Math.max(extent.lastModifiedInMS ?? 0, extent.LastModifyInMS ?? 0);
    return [found.filter((extent) => written(extent) < before), next];
  };
}

/** Lets requests in while contents are deleted, and keeps each deletion from sorting every index. */
function deleteOneByOne(ExtentMetadata) {
  ExtentMetadata.prototype.deleteExtent = async function (id) {
    const extents = this.db.getCollection(this.EXTENTS_COLLECTION);
    const extent = extents.findOne({ id });
    if (extent !== null) extents.remove(extent);
    await turn();
  };
}

/** Finds a document by the index that leaves the fewest, instead of by the one that is named first. */
function findByTheNarrowestIndex(Collection) {
  const { findOne } = Collection.prototype;
  Collection.prototype.findOne = function (query = {}) {
    const width = ([property, value]) => {
      if (typeof value === "object" || !(property in this.binaryIndices)) return Infinity;
      this.ensureIndex(property);
      const [first, last] = this.calculateRange("$eq", property, value);
      return last - first;
    };
    const widths = new Map(Object.entries(query).map((filter) => [filter, width(filter)]));
    const filters = [...widths.keys()].sort((a, b) => widths.get(a) - widths.get(b) || 0);
    return findOne.call(this, Object.fromEntries(filters));
  };
}

/** Leaves signatures out of what is printed: who reads the access log could use them for days. */
function printNoSignature() {
  for (const stream of [process.stdout, process.stderr]) {
    const { write } = stream;
    stream.write = function (chunk, ...rest) {
      const text = typeof chunk === "string" ? chunk.replace(/([?&]sig=)[^&\s"]+/g, "$1...") : chunk;
      return write.call(this, text, ...rest);
    };
  }
}

/** Corrects the Azurite whose program is the file `main`. */
function correct(main) {
  const load = createRequire(main);
  const BlobMetadata = load("./blob/persistence/LokiBlobMetadataStore").default;
  const ExtentMetadata = load("./common/persistence/LokiExtentMetadataStore").default;
  const { Collection } = load("lokijs");
  for (const [type, method] of [
    [BlobMetadata, "listAllBlobs"],
    [ExtentMetadata, "listExtents"],
    [ExtentMetadata, "deleteExtent"],
    [Collection, "findOne"],
    [Collection, "calculateRange"],
  ]) {
    if (typeof type?.prototype[method] !== "function") throw new Error(`it has no ${method}`);
  }
  collectOnlyWhatIsUnused(BlobMetadata, ExtentMetadata);
  deleteOneByOne(ExtentMetadata);
  findByTheNarrowestIndex(Collection);
}

const main = process.argv[1] && fs.realpathSync(process.argv[1]);
if (main && path.basename(main) === "azurite.js") {
  printNoSignature();
  try {
    correct(main);
  } catch (error) {
    console.error(
      `This Azurite (${main}) loses contents once it has thousands of blobs, and cannot be ` +
        `corrected: ${error.message}. Version 3.37.0 can.`,
    );
    process.exit(1);
  }
}
