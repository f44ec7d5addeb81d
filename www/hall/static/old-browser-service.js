// Whom to call, as the settings say. Written for browsers as old as Internet Explorer 8.
(function () {
  var request = new XMLHttpRequest();
  request.onreadystatechange = function () {
    if (request.readyState !== 4 || request.status !== 200) return;
    var service = JSON.parse(request.responseText);
    document.getElementById('service').innerHTML = '';
    document.getElementById('service').appendChild(document.createTextNode('客户服务热线 ' + service.phone + '　服务时间 ' + service.hours));
  };
  request.open('GET', '/api/v1/service', true);
  request.send();
}());
