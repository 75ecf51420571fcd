// The login page: caps-lock hint and a look at the password. The form itself needs no script.

const password = document.getElementById("password");
const show = document.getElementById("show");
const caps = document.getElementById("caps");

show.hidden = false;
show.addEventListener("click", () => {
  const hidden = password.type === "password";
  password.type = hidden ? "text" : "password";
  show.lastElementChild.textContent = hidden ? "隐藏" : "显示";
  password.focus();
});

for (const kind of ["keydown", "keyup"]) {
  document.addEventListener(kind, (event) => {
    if (event.getModifierState) caps.hidden = !event.getModifierState("CapsLock");
  });
}
