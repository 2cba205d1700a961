/** The map's shapes, from what make_world.mjs made small. */
import type { Feature } from 'geojson';
import { feature } from 'topojson-client';
import type { GeometryCollection, Topology } from 'topojson-specification';
import world from 'world-data';

/** Shapes by code; a code may have several (Cyprus and its north). */
export function countryShapes(): Feature[] {
  const topology: Topology<{ countries: GeometryCollection }> = {
    ...world.topology,
    arcs: world.topology.arcs.map(pairs),
  };
  return feature(topology, topology.objects.countries).features;
}

/** Where the countries are that have no shape at this scale. */
export function countryDots(): readonly (readonly [string, number, number])[] {
  return world.dots;
}

function pairs(flat: readonly number[]): [number, number][] {
  const points: [number, number][] = [];
  for (let i = 0; i + 1 < flat.length; i += 2) {
    points.push([flat[i] as number, flat[i + 1] as number]);
  }
  return points;
}
