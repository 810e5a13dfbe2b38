#pragma once

#include "control/controlport.h"

#include <QJsonObject>
#include <QStringList>

#include <utility>
#include <vector>

/// A node that does nothing but note what it was asked, and answers what the test put in.
class FakeControlPort : public cloudnode::ControlPort {
public:
    QJsonObject snapshot{{QStringLiteral("state"), QStringLiteral("ready")}};
    QJsonArray listed;
    bool complete = true;
    QJsonArray recent;
    cloudnode::Result<QJsonArray> life = QJsonArray();
    cloudnode::Result<void> pausing;
    std::vector<std::function<void(cloudnode::Result<QJsonObject>)>> cancels; ///< not answered yet
    QStringList asked;
    mutable QStringList listings; ///< asked for
    cloudnode::ControlEvents emitter;

    cloudnode::JsonText status() const override { return textOf(snapshot); }
    QList<cloudnode::JsonText> workloads(bool all, int limit) const override
    {
        listings << QStringLiteral("list %1%2").arg(all ? QStringLiteral("all ") : QString()).arg(limit);
        QList<cloudnode::JsonText> answer;
        for (const QJsonValue &workload : listed)
            answer.append(textOf(workload.toObject()));
        return answer;
    }
    bool knowsAllWorkloads() const override { return complete; }
    cloudnode::Result<QJsonArray> timeline(const QString &requestId) const override
    {
        return requestId == QStringLiteral("unknown") ? cloudnode::fail(QStringLiteral("no such request"))
                                                      : life;
    }
    QByteArrayList recentEvents() const override
    {
        QByteArrayList answer;
        for (const QJsonValue &event : recent)
            answer.append(textOf(event.toObject()).object());
        return answer;
    }
    cloudnode::Result<void> pause() override
    {
        asked << QStringLiteral("pause");
        return pausing;
    }
    cloudnode::Result<void> resume() override
    {
        asked << QStringLiteral("resume");
        return pausing;
    }
    void stop() override { asked << QStringLiteral("stop"); }
    void cancel(const cloudnode::CancelWorkload &request, cloudnode::CancelAnswer when,
                std::function<void(cloudnode::Result<cloudnode::JsonText>)> done) override
    {
        const auto *pid = std::get_if<qint64>(&request.target);
        const QString target = pid ? QString::number(*pid) : std::get<QString>(request.target);
        asked << QStringLiteral("cancel %1 %2%3")
                     .arg(target, request.signalName,
                          when == cloudnode::CancelAnswer::Gone ? QStringLiteral(" wait") : QString());
        cancels.push_back([done = std::move(done)](const cloudnode::Result<QJsonObject> &result) {
            done(result.map(textOf));
        });
    }
    const cloudnode::ControlEvents &events() const override { return emitter; }

    void happen(int number) { emit emitter.happened("{\"number\":" + QByteArray::number(number) + '}'); }
    void changeTo(const QString &state)
    {
        snapshot.insert(QStringLiteral("state"), state);
        emit emitter.statusChanged();
    }

protected:
    static cloudnode::JsonText textOf(const QJsonObject &object)
    {
        cloudnode::JsonText text;
        for (auto member = object.begin(); member != object.end(); ++member)
            text.add(member.key().toUtf8().constData(), member.value());
        return text;
    }
};
