import { ChampionError, type ErrorCode } from '@champion/core';

/** The words by which MLflow's clients know an error. */
export type MlflowErrorCode =
  | 'INVALID_PARAMETER_VALUE'
  | 'RESOURCE_DOES_NOT_EXIST'
  | 'RESOURCE_ALREADY_EXISTS'
  | 'ENDPOINT_NOT_FOUND'
  | 'NOT_IMPLEMENTED'
  | 'TEMPORARILY_UNAVAILABLE'
  | 'INTERNAL_ERROR';

const CODES: Partial<Record<MlflowErrorCode, ErrorCode>> = { RESOURCE_DOES_NOT_EXIST: 'NOT_FOUND' };

/** An error that the caller made, with MLflow's word for it in the context. */
export function refusal(
  errorCode: MlflowErrorCode,
  message: string,
  hint: string,
  context: Readonly<Record<string, unknown>> = {},
): ChampionError {
  return new ChampionError(message, {
    code: CODES[errorCode] ?? 'INVALID_INPUT',
    hint,
    context: { ...context, error_code: errorCode },
  });
}

export function invalid(message: string, hint: string, context?: Readonly<Record<string, unknown>>): ChampionError {
  return refusal('INVALID_PARAMETER_VALUE', message, hint, context);
}

export function noSuchRun(runId: string): ChampionError {
  return refusal('RESOURCE_DOES_NOT_EXIST', `Run with id=${runId} not found`, 'List the runs of its experiment.', {
    runId,
  });
}

export function deletedRun(runId: string): ChampionError {
  const message = `The run ${runId} must be in the 'active' state. Current state is deleted.`;
  return invalid(message, 'Restore the run first.', { runId });
}

export function noSuchExperiment(experimentId: string): ChampionError {
  const message = `No Experiment with id=${experimentId} exists`;
  return refusal('RESOURCE_DOES_NOT_EXIST', message, 'List the experiments.', { experimentId });
}

export function deletedExperiment(experimentId: string): ChampionError {
  const message = `The experiment ${experimentId} must be in the 'active' state. Current state is deleted.`;
  return invalid(message, 'Restore the experiment first.', { experimentId });
}
