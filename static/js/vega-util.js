// vega-interpreter is a module that imports vega-util; vega itself, loaded as a script, already holds it.
const { ascending, isString, DisallowedObjectProperties } = globalThis.vega;
export { ascending, isString, DisallowedObjectProperties };
