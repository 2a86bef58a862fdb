// Sends receipts.
const sendgrid = require("@sendgrid/mail");

sendgrid.setApiKey("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");

module.exports = async function receipt(to, order) {
  await sendgrid.send({ to, from: "receipts@parcel-pay.test", subject: `Order ${order.id}`, text: order.text });
};
