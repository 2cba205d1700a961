/** What make_world.mjs makes; the build tells esbuild where it lies. */
declare module 'world-data' {
  const world: {
    topology: {
      type: 'Topology';
      transform: { scale: [number, number]; translate: [number, number] };
      objects: { countries: import('topojson-specification').GeometryCollection };
      /** Each arc in one list, x and y in turn, as differences. */
      arcs: number[][];
    };
    dots: [code: string, longitude: number, latitude: number][];
  };
  export default world;
}
