import { z } from 'zod';
import type { RouteTable } from '../route.ts';
import { Id } from '../schemas/common.ts';
import {
  NotificationDelivery,
  NotificationDeliveryQuery,
  NotificationRule,
  NotificationRuleCreate,
  NotificationRuleUpdate,
  NotificationTest,
} from '../schemas/notification.ts';

const byId = z.object({ id: Id });

export const notificationRoutes = {
  listNotificationRules: {
    method: 'GET',
    path: '/notifications/rules',
    tag: 'notifications',
    summary: 'Every rule, by name; the secrets of their targets are not shown',
    responses: { 200: z.array(NotificationRule) },
  },
  createNotificationRule: {
    method: 'POST',
    path: '/notifications/rules',
    tag: 'notifications',
    summary: 'Make a rule; what happened before is none of its business',
    body: NotificationRuleCreate,
    secretBody: true,
    responses: { 201: NotificationRule },
  },
  readNotificationRule: {
    method: 'GET',
    path: '/notifications/rules/{id}',
    tag: 'notifications',
    summary: 'One rule',
    params: byId,
    responses: { 200: NotificationRule },
  },
  updateNotificationRule: {
    method: 'PATCH',
    path: '/notifications/rules/{id}',
    tag: 'notifications',
    summary: 'Change a rule, disable or enable it',
    params: byId,
    body: NotificationRuleUpdate,
    secretBody: true,
    responses: { 200: NotificationRule },
  },
  deleteNotificationRule: {
    method: 'DELETE',
    path: '/notifications/rules/{id}',
    tag: 'notifications',
    summary: 'Delete a rule; the records of its deliveries stay',
    params: byId,
    responses: { 204: null },
  },
  testNotificationRule: {
    method: 'POST',
    path: '/notifications/rules/{id}/test',
    tag: 'notifications',
    summary: "Send a test to a rule's target at once, and say what happened",
    params: byId,
    responses: { 200: NotificationTest },
  },
  listNotificationDeliveries: {
    method: 'GET',
    path: '/notifications/deliveries',
    tag: 'notifications',
    summary: 'Alerts and what became of them, the latest first',
    query: NotificationDeliveryQuery,
    responses: { 200: z.array(NotificationDelivery) },
  },
  retryNotificationDelivery: {
    method: 'POST',
    path: '/notifications/deliveries/{id}/retry',
    tag: 'notifications',
    summary: 'Send an alert that was not delivered, whatever kept it from it',
    params: byId,
    responses: { 200: NotificationDelivery },
  },
} as const satisfies RouteTable;
