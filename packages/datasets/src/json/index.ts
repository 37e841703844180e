export { type FieldType, frameOfTexts, readField } from './fields.ts';
export { judge, type RowRule, readable } from './hard-rules.ts';
export {
  type JsonObject,
  type JsonValue,
  jsonText,
  list,
  numberText,
  object,
  parseJson,
  readJson,
  text,
} from './read-json.ts';
export { indianTime, siteTimeOn } from './site-time.ts';
