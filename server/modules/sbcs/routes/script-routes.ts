import {
  downloadScriptOrder,
  getScriptOrder,
  listScriptOrders,
  refuseScriptOrder,
  tickOffScriptOrder,
} from '../../../../contract/script-orders.ts'
import {
  createScriptTemplate,
  deleteScriptTemplate,
  getScriptTemplate,
  listDocumentedScriptTemplates,
  listScriptTemplates,
  previewScript,
  updateScriptTemplate,
} from '../../../../contract/script-templates.ts'
import { type Answer, type Route, route } from '../../../platform/http/index.ts'
import { documentedTemplates, wirePreview, wireScriptOrder, wireScriptTemplate } from '../script.view.ts'
import type { ScriptOrderService } from '../script-order.service.ts'
import type { ScriptPreviewService } from '../script-preview.service.ts'
import { type ScriptTemplate, type ScriptTemplateService, templateTag } from '../script-template.service.ts'

const DOCUMENTED_PAGE_SIZE = 10

/** Script templates, and what they would do. */
export function scriptTemplateRoutes(templates: ScriptTemplateService, previews: ScriptPreviewService): Route[] {
  return [
    route(listScriptTemplates, async ({ query }, { principal }) => ({
      json: { data: (await templates.list(principal, query.purpose)).map(wireScriptTemplate) },
    })),
    route(createScriptTemplate, async ({ body }, { principal }) => ({
      status: 201,
      ...shown(await templates.create(principal, body)),
    })),
    route(getScriptTemplate, async ({ params, query }, { principal }) =>
      shown(await templates.get(principal, params.templateId, query.version)),
    ),
    route(updateScriptTemplate, async ({ params, body }, { principal, headers }) =>
      shown(await templates.update(principal, params.templateId, body, headers['if-match'])),
    ),
    route(deleteScriptTemplate, async ({ params }, { principal, headers }) => {
      await templates.remove(principal, params.templateId, headers['if-match'])
      return {}
    }),
    route(previewScript, async ({ params, body }, { principal, signal }) => ({
      json: wirePreview(await previews.preview(principal, params.templateId, body, signal)),
    })),
    route(listDocumentedScriptTemplates, async ({ query }, { principal }) => {
      const { scriptType = 'Any', allDetails = false, PageNumber = 0, PageSize = DOCUMENTED_PAGE_SIZE } = query
      const all = documentedTemplates(await templates.list(principal), { scriptType, allDetails })
      return { json: all.slice(PageNumber * PageSize, (PageNumber + 1) * PageSize) }
    }),
  ]
}

/** Scripts that somebody applies by hand. */
export function scriptOrderRoutes(orders: ScriptOrderService): Route[] {
  return [
    route(listScriptOrders, async ({ query }, { principal }) => ({
      json: {
        data: (await orders.list(principal, query.state, query.sbcId)).map((one) => wireScriptOrder(one, principal)),
      },
    })),
    route(getScriptOrder, async ({ params }, { principal }) => ({
      json: wireScriptOrder(await orders.get(principal, params.orderId), principal),
    })),
    route(downloadScriptOrder, async ({ params }, { principal }) => {
      const { script, key } = await orders.script(principal, params.orderId)
      const name = `${key.replaceAll(/[^A-Za-z0-9-]+/g, '-').slice(0, 80)}.txt`
      return {
        text: script,
        contentType: 'text/plain; charset=utf-8',
        headers: { 'Content-Disposition': `attachment; filename="${name}"` },
      }
    }),
    route(tickOffScriptOrder, async ({ params, body }, { principal, signal }) => ({
      json: wireScriptOrder(await orders.tickOff(principal, params.orderId, body, signal), principal),
    })),
    route(refuseScriptOrder, async ({ params, body }, { principal }) => ({
      json: wireScriptOrder(await orders.refuse(principal, params.orderId, body.reason), principal),
    })),
  ]
}

function shown(template: ScriptTemplate): Answer {
  return { etag: templateTag(template), json: wireScriptTemplate(template) }
}
