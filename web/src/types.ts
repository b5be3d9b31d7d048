/** The contract's schemas, by the names that it gives them. */
import type { components } from "./contract";

type Schemas = components["schemas"];

export type Algorithm = Schemas["Algorithm"];
export type AlgorithmSummary = Schemas["AlgorithmSummary"];
export type Channel = Schemas["Channel"];
export type Delivery = Schemas["Delivery"];
export type Estimate = Schemas["Estimate"];
export type Job = Schemas["Job"];
export type JobOutcome = Schemas["JobOutcome"];
export type JobStatus = Schemas["JobStatus"];
export type Problem = Schemas["Problem"];
export type Provenance = NonNullable<Schemas["Provenance"]>;
export type Submission = Schemas["Submission"];
export type Target = Schemas["Target"];
export type TargetEstimate = Schemas["TargetEstimate"];
export type Violation = Schemas["Violation"];
export type Webhook = Schemas["Webhook"];

export type Json = null | boolean | number | string | Json[] | { [name: string]: Json };

/** What this page uses of JSON Schema, which is what the schemas of algorithms may say. */
export interface Schema {
  type?: string | string[];
  title?: string;
  description?: string;
  properties?: Record<string, Schema>;
  required?: string[];
  additionalProperties?: boolean | Schema;
  items?: Schema;
  enum?: Json[];
  default?: Json;
  examples?: Json[];
  pattern?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
  exclusiveMaximum?: number;
  minLength?: number;
  maxLength?: number;
  minItems?: number;
  maxItems?: number;
  /** In the page's own schemas: what is said of a text that does not have the pattern. */
  errorMessage?: string;
}
