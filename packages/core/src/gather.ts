interface Waiting<In, Out> {
  readonly input: In;
  readonly resolve: (output: Out) => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Makes one call of many: what is asked for while a call is under way is answered together by the next one. A lone call is
 * made at once. When a call for several fails, each is asked for by itself, so that nobody fails for another.
 * @param load answers inputs in their order
 * @param most inputs of one call
 */
export function gather<In, Out>(
  load: (inputs: readonly In[]) => Promise<readonly Out[]>,
  most = 100,
): (input: In) => Promise<Out> {
  const waiting: Waiting<In, Out>[] = [];
  let busy = false;

  const answer = async (batch: readonly Waiting<In, Out>[]): Promise<void> => {
    try {
      const outputs = await load(batch.map(({ input }) => input));
      if (outputs.length !== batch.length) throw new Error(`${batch.length} inputs got ${outputs.length} outputs`);
      for (const [i, { resolve }] of batch.entries()) resolve(outputs[i] as Out);
    } catch (error) {
      if (batch.length === 1) batch[0]?.reject(error);
      else for (const one of batch) await answer([one]);
    }
  };
  const work = async (): Promise<void> => {
    busy = true;
    while (waiting.length > 0) await answer(waiting.splice(0, most));
    busy = false;
  };
  return (input) =>
    new Promise((resolve, reject) => {
      waiting.push({ input, resolve, reject });
      if (!busy) void work();
    });
}
