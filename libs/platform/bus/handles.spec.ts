import {
  catalogue,
  catalogServiceState,
  placed,
  projectState,
  releasePlacement,
  scaleService,
  type DataOf,
  type Message,
} from '@berth/contracts';
import type { Type } from '@nestjs/common';
import { describe, expect, test } from '@jest/globals';
import type { Tx } from '../postgres/index.js';
import { Handles, messageControllers } from './index.js';

const nothing = () => Promise.resolve();

/** Handles everything that dolphinsync's streams bring to ipaas, but not the rest. */
class ProjectMessages {
  projectState(_message: Message<DataOf<typeof projectState>>, _tx: Tx): Promise<void> {
    return nothing();
  }
  catalogServiceState(_message: Message<DataOf<typeof catalogServiceState>>, _tx: Tx): Promise<void> {
    return nothing();
  }
}

class PlacementMessages {
  placed(_message: Message<DataOf<typeof placed>>, _tx: Tx): Promise<void> {
    return nothing();
  }
  unplaceable(): Promise<void> {
    return nothing();
  }
  clusterState(): Promise<void> {
    return nothing();
  }
}

class ServiceMessages {
  deployService = nothing;
  upgradeService = nothing;
  rollbackService = nothing;
  restartService = nothing;
  pauseService = nothing;
  resumeService = nothing;
  deleteService = nothing;
  cancelServiceOperation = nothing;
}

/** Takes the tombstone for impossible. */
class CarelessMessages extends ProjectMessages {
  override projectState(_message: Message<NonNullable<DataOf<typeof projectState>>>): Promise<void> {
    return nothing();
  }
}

/** What a module's `controllers` takes. */
const accept = (controllers: Type<object>[]) => controllers.length;

describe('the message controllers of a service', () => {
  test('compile when every message of the catalogue has its method', () => {
    expect(accept(messageControllers<'ipaas'>()(ProjectMessages, PlacementMessages, ServiceMessages))).toBe(3);
  });

  test('do not compile when a message has no method', () => {
    // @ts-expect-error placed, unplaceable and clusterState have no handler
    expect(accept(messageControllers<'ipaas'>()(ProjectMessages, ServiceMessages))).toBe(2);
  });

  test('do not compile when a state handler does not expect the tombstone', () => {
    // @ts-expect-error the data of a state may be null
    expect(accept(messageControllers<'ipaas'>()(CarelessMessages, PlacementMessages, ServiceMessages))).toBe(3);
  });

  test('are accepted for a service that consumes nothing', () => {
    expect(accept(messageControllers<'codeflow'>()())).toBe(0);
  });
});

describe('@Handles', () => {
  test('does not compile on a method that takes the data of another message', () => {
    class Wrong {
      // @ts-expect-error the data of placed is not that of releasePlacement
      @Handles(releasePlacement)
      releasePlacement(_message: Message<DataOf<typeof placed>>, _tx: Tx): Promise<void> {
        return nothing();
      }
    }
    expect(new Wrong()).toBeDefined();
  });

  test('refuses a method with another name than the catalogue has', () => {
    expect(() => {
      class Misnamed {
        @Handles(scaleService)
        scale(_message: Message<DataOf<typeof scaleService>>, _tx: Tx): Promise<void> {
          return nothing();
        }
      }
      return Misnamed;
    }).toThrow('must be called scaleService, not scale');
    expect(catalogue.scaleService).toBe(scaleService);
  });
});
