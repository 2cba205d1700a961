/**
 * Makes the map's shapes, small, and hands them to esbuild as the module `world-data`.
 *
 * world-atlas (Natural Earth, public domain) has 177 countries at 1:110m under numeric
 * codes and with names, 108 KB. The map needs alpha-2 codes, no names (the browser knows
 * them in every language), no Antarctica, and no more precision than a screen shows.
 * Countries without a shape at that scale (Singapore, Malta) are given as a point, from
 * the shapes at 1:50m.
 *
 * The module: {topology, dots: [[code, longitude, latitude]...]}, where a geometry's id
 * is its code and each arc is one flat list, which topology.ts unfolds.
 *
 * `modules` is always the folder node_modules, which need not be above this file.
 */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';

/** A tenth of a degree: half a pixel on a map 1800 pixels wide. */
const STEPS = 3600;
const ANTARCTICA = 'AQ';
/** Natural Earth draws these without a code of ISO 3166-1. Kosovo has the one that
 * everybody uses; the others count where the databases of addresses count them. */
const CODES_BY_NAME = { Kosovo: 'XK', Somaliland: 'SO', 'N. Cyprus': 'CY' };

/** Parts that Natural Earth draws with a country far away, though they have codes. */
const PARTS = [
  { of: 'FR', code: 'GF', holds: ([longitude]) => longitude < -45 },
  { of: 'NO', code: 'SJ', holds: ([, latitude]) => latitude > 75 },
];

/** Codes that Natural Earth's 1:50m has no shape for, or counts in another country's:
 * where they are, by hand, so that each code of ISO 3166-1 has a place on the map. */
const PLACES_BY_HAND = {
  BQ: [-68.3, 12.2],
  BV: [3.4, -54.4],
  CC: [96.8, -12.2],
  CX: [105.6, -10.5],
  GI: [-5.3, 36.1],
  GP: [-61.5, 16.2],
  MQ: [-61, 14.7],
  RE: [55.5, -21.1],
  TK: [-171.8, -9.2],
  TV: [179.2, -8.5],
  UM: [166.6, 19.3],
  YT: [45.2, -12.8],
};

/** What of the packages is used, found from `modules`. */
async function load(modules) {
  const require = createRequire(join(resolve(modules), 'any.js'));
  const read = (path) => JSON.parse(readFileSync(require.resolve(path)));
  const { geoCentroid } = await import(pathToFileURL(require.resolve('d3-geo')));
  return {
    geoCentroid,
    ...require('topojson-client'),
    atlas: (scale) => read(`world-atlas/countries-${scale}.json`),
    codes: alpha2ByNumber(read('i18n-iso-countries/codes.json')),
  };
}

/** Numeric to alpha-2, all 249 of ISO 3166-1. */
export function alpha2ByNumber(rows) {
  return new Map(rows.map(([alpha2, , number]) => [number, alpha2]));
}

function codeOf(geometry, codes) {
  const code = codes.get(geometry.id) ?? CODES_BY_NAME[geometry.properties.name];
  return code ?? null;
}

/** The arcs that are used, renumbered; topojson writes a reversed arc i as ~i. */
function withArcsInUse(topology, geometries) {
  const places = new Map();
  const arcs = [];
  const renumber = (x) => {
    if (Array.isArray(x)) return x.map(renumber);
    const arc = x < 0 ? ~x : x;
    if (!places.has(arc)) {
      places.set(arc, arcs.length);
      arcs.push(topology.arcs[arc]);
    }
    return x < 0 ? ~places.get(arc) : places.get(arc);
  };
  const kept = geometries.map((g) => ({ ...g, arcs: renumber(g.arcs) }));
  return {
    type: 'Topology',
    arcs,
    objects: { countries: { type: 'GeometryCollection', geometries: kept } },
  };
}

/** topojson-client's quantize() wants plain coordinates. */
function unquantized(topology) {
  const { scale, translate } = topology.transform;
  const arcs = topology.arcs.map((arc) => {
    let x = 0;
    let y = 0;
    return arc.map(([dx, dy]) => [
      (x += dx) * scale[0] + translate[0],
      (y += dy) * scale[1] + translate[1],
    ]);
  });
  return { ...topology, arcs, transform: undefined };
}

/** A geometry, without the parts that have codes of their own, and those. */
function inParts(geometry, arcs) {
  const parts = PARTS.filter(({ of }) => of === geometry.id);
  if (geometry.type !== 'MultiPolygon' || parts.length === 0) return [geometry];
  const first = ([ring]) => arcs[ring[0] < 0 ? ~ring[0] : ring[0]][0];
  const owner = (polygon) =>
    parts.find(({ holds }) => holds(first(polygon)))?.code ?? geometry.id;
  return [geometry.id, ...parts.map(({ code }) => code)].map((id) => ({
    ...geometry,
    id,
    arcs: geometry.arcs.filter((polygon) => owner(polygon) === id),
  }));
}

function shapes(topology, codes, quantize) {
  const plain = unquantized(topology);
  const geometries = topology.objects.countries.geometries
    .map((g) => ({ type: g.type, id: codeOf(g, codes), arcs: g.arcs }))
    .filter((g) => g.id !== ANTARCTICA)
    .flatMap((g) => inParts(g, plain.arcs));
  if (geometries.some((g) => g.id === null)) throw new Error('a shape without a code');
  const small = quantize(withArcsInUse(plain, geometries), STEPS);
  const round = (x) => Number(x.toFixed(6));
  return {
    type: 'Topology',
    transform: {
      scale: small.transform.scale.map(round),
      translate: small.transform.translate.map(round),
    },
    objects: small.objects,
    arcs: small.arcs.map((arc) => arc.flat()),
  };
}

function dots(topology, codes, drawn, centre) {
  const points = new Map(
    Object.entries(PLACES_BY_HAND).map(([code, [x, y]]) => [code, [code, x, y]]),
  );
  for (const geometry of topology.objects.countries.geometries) {
    const code = codeOf(geometry, codes);
    if (code === null || code === ANTARCTICA || drawn.has(code) || points.has(code)) continue;
    const [x, y] = centre(geometry);
    points.set(code, [code, Number(x.toFixed(1)), Number(y.toFixed(1))]);
  }
  return [...points.values()].sort((a, b) => (a[0] < b[0] ? -1 : 1));
}

export async function makeWorld(modules) {
  const { atlas, codes, feature, geoCentroid, quantize } = await load(modules);
  const topology = shapes(atlas('110m'), codes, quantize);
  const drawn = new Set(topology.objects.countries.geometries.map((g) => g.id));
  const finer = atlas('50m');
  const centre = (geometry) => geoCentroid(feature(finer, geometry));
  return { topology, dots: dots(finer, codes, drawn, centre) };
}

/** esbuild's plugin: `import world from 'world-data'` is makeWorld()'s. */
export function worldData(modules) {
  return {
    name: 'world-data',
    setup(build) {
      build.onResolve({ filter: /^world-data$/ }, () => ({
        path: 'world.json',
        namespace: 'world-data',
      }));
      build.onLoad({ filter: /.*/, namespace: 'world-data' }, async () => ({
        contents: JSON.stringify(await makeWorld(modules)),
        loader: 'json',
      }));
    },
  };
}
