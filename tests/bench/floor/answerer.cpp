// The least a program that answers over the broker could be: every message on one topic leads to one of a
// given size on another. Says so when it is ready.
#include <QCoreApplication>
#include <QtMqtt/QMqttClient>
#include <QtMqtt/QMqttSubscription>

#include <cstdio>

int main(int argc, char **argv)
{
    const QCoreApplication application(argc, argv);
    const QStringList words = QCoreApplication::arguments();
    if (words.size() != 5) {
        std::fputs("usage: cloudnode-bench-answerer PORT QUESTIONS ANSWERS BYTES\n", stderr);
        return 2;
    }
    const QMqttTopicName answers(words[3]);
    const QByteArray answer(words[4].toInt(), 'x');

    QMqttClient client;
    client.setProtocolVersion(QMqttClient::MQTT_5_0);
    client.setHostname(QStringLiteral("127.0.0.1"));
    client.setPort(words[1].toUShort());
    QObject::connect(&client, &QMqttClient::messageReceived, &client,
                     [&] { client.publish(answers, answer, 1); });
    QObject::connect(&client, &QMqttClient::connected, &client, [&] {
        auto *subscription = client.subscribe(QMqttTopicFilter(words[2]), 1);
        QObject::connect(subscription, &QMqttSubscription::stateChanged, &client, [] {
            std::puts("ready");
            std::fflush(stdout);
        });
    });
    QObject::connect(&client, &QMqttClient::disconnected, &client, [] { QCoreApplication::exit(1); });
    client.connectToHost();
    return QCoreApplication::exec();
}
