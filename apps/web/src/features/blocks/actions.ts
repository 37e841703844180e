import type { BlockDocument } from '@champion/contract';
import { useMutation } from '@tanstack/react-query';
import { api } from '../../app/api.ts';
import { queryClient } from '../../app/query-client.ts';
import { notify, notifyError } from '../../ui/toast.tsx';
import { outcomeOf } from '../notifications/actions.ts';
import { referenceOf } from './words.ts';

const refresh = () => queryClient.invalidateQueries({ queryKey: ['blocks'] });

/** Makes a block, or changes what one holds. What is wrong is shown in the form. */
export function useSaveBlock() {
  return useMutation({
    mutationFn: async (
      given:
        | { readonly id: undefined; readonly name: string; readonly typeId: string; readonly data: Data }
        | { readonly id: string; readonly name: string; readonly data: Data },
    ) => {
      // What was left empty is to go, so the block is replaced as a whole; masks keep what is there.
      if (given.id !== undefined) {
        const body = { data: { ...given.data }, merge_existing_data: false };
        await api().updateBlockDocument({ params: { id: given.id }, body });
      } else {
        const { name, typeId, data } = given;
        await api().createBlockDocument({ body: { name, data: { ...data }, block_type_id: typeId } });
      }
    },
    onSuccess: async (_, { name }) => {
      notify('Block saved', name);
      await refresh();
    },
  });
}

type Data = Readonly<Record<string, unknown>>;

export function useDeleteBlock() {
  return useMutation({
    mutationFn: (block: BlockDocument) => api().deleteBlockDocument({ params: { id: block.id } }),
    onSuccess: (_, block) => notify('Block deleted', referenceOf(block)),
    onError: (error) => notifyError('The block could not be deleted', error),
    // It may be that a rule has come to use it meanwhile.
    onSettled: refresh,
  });
}

/** Sends a test to the block, and says what came of it. */
export function useTestBlock() {
  return useMutation({
    mutationFn: (block: BlockDocument) => api().testBlockDocument({ params: { id: block.id } }),
    onSuccess: (test, block) => {
      const name = referenceOf(block);
      if (test.delivered) notify(`Test of ${name} delivered`, outcomeOf(test));
      else notifyError(`The test of ${name} was not delivered`, new Error(outcomeOf(test)));
    },
    onError: (error) => notifyError('The test could not be sent', error),
  });
}
