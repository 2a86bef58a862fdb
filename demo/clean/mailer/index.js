// Sends receipts.
const sendgrid = require("@sendgrid/mail");

sendgrid.setApiKey(process.env.SENDGRID_API_KEY);

const passwordPattern = /^(?=.*[0-9])(?=.*[a-z]).{12,}$/;
const logo = "data:image/png;base64,CvcrVFdls7gXj8hQdZtlBYY7RJOABtzR5ByT5s2h2z6rBsREhmJCVhU6XAn/Q+DgK8gaWVS+x9TcsaUTPuHgCSKFD83xUti1/HaLfeEs+yWshopAoJwoOC56z2agiecTirXQSUNiC3Q3PlCReSprMtBrFrvuLs6J6rsIHbgjAe0H80wmVXa5=";

module.exports = async function receipt(to, order) {
  await sendgrid.send({ to, from: "receipts@parcel-pay.test", subject: `Order ${order.id}`, text: order.text });
};
